package org.memphisee.core.cluster;

import java.io.IOException;

/** Bytes that are no entry this release can apply. Whoever reads stops before it: nothing of an entry is ever passed over. */
public abstract sealed class EntryFormatException extends IOException permits DamagedEntryException, UnknownEntryException {

    private static final long serialVersionUID = 1L;

    EntryFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}

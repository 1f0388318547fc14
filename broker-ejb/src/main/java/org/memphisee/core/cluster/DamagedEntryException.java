package org.memphisee.core.cluster;

/** The bytes are not what any release wrote. Another replica has the entry. */
public final class DamagedEntryException extends EntryFormatException {

    private static final long serialVersionUID = 1L;

    DamagedEntryException(String what, Throwable cause) {
        super("the entry " + what + ": it is damaged and nothing of it was applied; take it from another replica", cause);
    }
}

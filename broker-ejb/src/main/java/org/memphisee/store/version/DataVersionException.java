package org.memphisee.store.version;

/** A data directory is not for this release; nothing in it was touched. The message says why, and what helps. */
public final class DataVersionException extends Exception {

    private static final long serialVersionUID = 1;

    DataVersionException(String message) {
        super(message);
    }
}

package org.memphisee.core.log;

import java.io.IOException;

/** The store could not do what was asked; the message names file or key, and the remedy where there is one. */
public class StoreException extends IOException {

    private static final long serialVersionUID = 1;

    /** Whether the disk is full, so that the condition may pass. */
    private final boolean full;

    public StoreException(String message, Throwable cause, boolean full) {
        super(message, cause);
        this.full = full;
    }

    public boolean full() {
        return full;
    }
}

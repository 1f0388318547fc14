package org.memphisee.store.crypt;

import java.io.IOException;

/** The storage keys cannot be used, or are not those of the store; the text says what to do, and no key. Nothing was changed. */
public final class StorageKeysException extends IOException {

    private static final long serialVersionUID = 1;

    /** With a text for people. */
    public StorageKeysException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether this is why something failed. */
    public static boolean causes(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StorageKeysException) {
                return true;
            }
        }
        return false;
    }
}

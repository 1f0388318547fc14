package org.memphisee.core.archive;

/** What arrives is no archive, or one that is not taken. The message says why and goes to whoever sent it. */
public final class ArchiveException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says why. */
    public ArchiveException(String message) {
        super(message);
    }
}

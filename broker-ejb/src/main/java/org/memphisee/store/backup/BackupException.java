package org.memphisee.store.backup;

/** Something is wrong with a backup, or with where it is to go; the message says what and what helps. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1;

    BackupException(String message) {
        super(message);
    }
}

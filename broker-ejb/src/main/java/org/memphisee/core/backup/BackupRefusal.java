package org.memphisee.core.backup;

/** A backup that is not begun; the message says why, and what helps. An answer, not a fault: no stack trace. */
public final class BackupRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BackupRefusal(String text) {
        super(text, null, false, false);
    }
}

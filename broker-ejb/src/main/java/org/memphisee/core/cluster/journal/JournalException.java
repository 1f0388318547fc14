package org.memphisee.core.cluster.journal;

import org.memphisee.core.log.StoreException;

/** The journal could not do what was asked; the message says the remedy. */
public final class JournalException extends StoreException {

    private static final long serialVersionUID = 1L;

    /** What kind of refusal it is. */
    public enum Reason {
        /** No room on the disk, or in the journal; nothing was changed, and it may pass. */
        FULL,
        /** So much waits for the disk already that no more is taken; nothing was changed, and it passes. */
        BUSY,
        /** A record that no segment can hold. */
        TOO_LARGE,
        /** A write or sync failed; nothing is accepted until the journal is opened again. */
        FAILED,
        /** A record is not what was written. Another member has it. */
        DAMAGED,
        /** The entry is no longer kept; whoever wants it must rebuild. */
        GONE,
        /** The group lost something here, or was never begun, so it takes nothing until it is begun. */
        INCOMPLETE,
        /** A newer release wrote the journal. */
        NEWER,
        /** It was closed. */
        CLOSED
    }

    private final Reason reason;

    JournalException(Reason reason, String message, Throwable cause) {
        super(message, cause, reason == Reason.FULL);
        this.reason = reason;
    }

    /** What kind of refusal it is. */
    public Reason reason() {
        return reason;
    }
}

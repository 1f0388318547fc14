package org.memphisee.core.access;

import java.util.Objects;

/**
 * A change of users that is refused; the message is for the person who asked, the reason for the door that answers.
 * Carries no stack trace: it is an answer, not a fault.
 */
public final class AccessRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    AccessRefusal(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = Objects.requireNonNull(reason, "reason is required");
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Kinds of refusals. */
    public enum Reason {
        /** A value breaks a rule for names, passwords, texts or patterns. */
        INVALID,
        /** The name is taken. */
        EXISTS,
        /** There is no such user. */
        UNKNOWN_USER,
        /** The asking user may not do this. */
        NOT_ALLOWED,
        /** Too much is going on; trying again later helps. */
        BUSY
    }
}

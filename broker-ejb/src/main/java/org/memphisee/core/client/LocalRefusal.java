package org.memphisee.core.client;

import java.util.Objects;

/**
 * Why a local client's call was refused; the message is for the person who asked, the kind for the door that answers.
 * Carries no stack trace: it is an answer, not a fault.
 */
public final class LocalRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    LocalRefusal(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = Objects.requireNonNull(kind, "kind is required");
    }

    /** Why. */
    public Kind kind() {
        return kind;
    }

    /** Kinds of refusals. */
    public enum Kind {
        /** A name or an argument breaks a rule. */
        INVALID,
        /** The user may not do this. */
        NOT_ALLOWED,
        /** The user is none (any more). */
        UNKNOWN_USER,
        /** Headers and payload together are larger than the largest message. */
        TOO_LARGE,
        /** The disk or a budget is nearly full. */
        STORAGE_FULL,
        /** Too much waits already, or the same message is just being stored elsewhere; trying again later helps. */
        BUSY,
        /** The partition is frozen, gone or does not answer. */
        UNAVAILABLE,
        /** Anything else; the message says what. */
        FAILED
    }
}

package org.memphisee.core.errand;

import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * An errand without an answer: nobody decides about the partition at the moment, or who does said nothing in time. Its text says
 * what helps. Carries no stack trace: it is an answer, not a fault.
 */
public final class ErrandUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** {@code text} is for people. */
    public ErrandUnavailable(String text) {
        super(text, null, false, false);
    }

    /** The one that a failure is or was caused by. */
    public static Optional<ErrandUnavailable> in(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ErrandUnavailable unavailable ? Optional.of(unavailable) : Optional.empty();
    }
}

package org.memphisee.core.memphis;

/** A request that is answered with an error text. Carries no stack trace: it is an answer, not a fault. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String text) {
        super(text, null, false, false);
    }
}

package org.memphisee.core.stations;

/** A request that is answered with an error text. Carries no stack trace: it is an answer, not a fault. */
public final class RequestRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RequestRefusal(String text) {
        super(text, null, false, false);
    }
}

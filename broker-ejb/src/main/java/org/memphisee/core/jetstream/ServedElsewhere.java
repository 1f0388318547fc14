package org.memphisee.core.jetstream;

/** Another node decides about the stream of a request, which is brought there. Carries no stack trace: it is no fault. */
final class ServedElsewhere extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServedElsewhere() {
        super("another node decides about the stream", null, false, false);
    }
}

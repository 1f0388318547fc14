package org.memphisee.core.integrations;

/** An integration that cannot be as it is wanted; the message is for the person who asked. An answer, not a fault: no stack trace. */
public final class IntegrationRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IntegrationRefusal(String text) {
        super(text, null, false, false);
    }
}

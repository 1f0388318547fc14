package org.memphisee.core.access;

/** A change of users that is refused; the message is for the person who asked. */
public final class AccessRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AccessRefusal(String message) {
        super(message, null, false, false);
    }
}

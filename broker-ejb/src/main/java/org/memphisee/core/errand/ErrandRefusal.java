package org.memphisee.core.errand;

/** An errand that was not done, and why, in words for people. Carries no stack trace: it is an answer, not a fault. */
public final class ErrandRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ErrandRefusal(String text) {
        super(text, null, false, false);
    }
}

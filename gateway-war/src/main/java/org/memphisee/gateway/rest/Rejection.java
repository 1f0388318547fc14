package org.memphisee.gateway.rest;

/** Ends the work on a request with an answer. Carries no stack trace: it is an answer, not a fault. */
final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    Rejection(Answer answer) {
        super("answered with " + answer.status(), null, false, false);
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}

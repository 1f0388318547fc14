package org.memphisee.core.jetstream;

/** A request that is answered with an error. Carries no stack trace: it is an answer, not a fault. */
public final class ApiRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ApiError error;

    ApiRefusal(ApiError error, String description) {
        super(description, null, false, false);
        this.error = error;
    }

    /** Which error. */
    public ApiError error() {
        return error;
    }

    /** Text for people, as it goes to the client. */
    public String description() {
        return getMessage();
    }
}

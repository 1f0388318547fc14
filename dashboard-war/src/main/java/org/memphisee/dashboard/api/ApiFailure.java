package org.memphisee.dashboard.api;

import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request that is answered with an error (management-api.md 1.2). Carries no stack trace: it is an answer, not a
 * fault.
 */
final class ApiFailure extends RuntimeException {

    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    /** Stands for whatever status texts for people have by configuration. */
    static final int SHOWABLE = 406;
    static final int TOO_LARGE = 413;
    static final int TOO_MANY = 429;
    static final int UNAVAILABLE = 503;
    /** The text of a schema is wrong; the dashboard shows why beside it. */
    static final int SCHEMA_CONTENT = 555;

    private static final long serialVersionUID = 1;

    private final int status;
    private final transient ObjectNode body;

    private ApiFailure(int status, ObjectNode body) {
        super("status " + status, null, false, false);
        this.status = status;
        this.body = body;
    }

    /** A field of the request that breaks a rule. */
    record Invalid(String field, String reason) { }

    static ApiFailure of(int status, String message) {
        return new ApiFailure(status, JsonNodeFactory.instance.objectNode().put("message", message));
    }

    static ApiFailure unauthorized() {
        return of(UNAUTHORIZED, "Unauthorized");
    }

    static ApiFailure notJson() {
        return of(BAD_REQUEST, "Body params have to be in JSON format");
    }

    /** A text for the person in front of the screen. */
    static ApiFailure showable(String message) {
        return of(SHOWABLE, message);
    }

    static ApiFailure invalid(List<Invalid> fields) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        var list = body.putArray("message");
        fields.forEach(f -> list.addObject().put("field", f.field()).put("reason", f.reason()));
        return new ApiFailure(BAD_REQUEST, body);
    }

    int status() {
        return status;
    }

    /** The status with the configured one for texts for people (M-121). */
    int status(int showable) {
        return status == SHOWABLE ? showable : status;
    }

    ObjectNode body() {
        return body;
    }
}

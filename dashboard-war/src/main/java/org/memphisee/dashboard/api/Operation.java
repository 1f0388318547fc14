package org.memphisee.dashboard.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * One operation of the API.
 *
 * @param method HTTP method
 * @param path below {@code /api/}
 * @param access who may call it
 * @param maxBody largest body, bytes
 * @param handler does it
 */
record Operation(String method, String path, Access access, int maxBody, Handler handler) {

    /** What a handler answers that has written its answer itself. */
    static final JsonNode ANSWERED = MissingNode.getInstance();
    /** Largest body of most operations, bytes. */
    static final int MAX_BODY = 1 << 20;
    /** Largest body of who has no token yet. */
    private static final int MAX_OPEN_BODY = 16 << 10;

    /** Who may call an operation; what permissions for stations say comes on top. */
    enum Access {
        /** Anybody, without a token. */
        OPEN,
        /** Who has signed in; it changes nothing. */
        LOOK,
        /** Who has signed in; it concerns nobody but the caller. */
        OWN,
        /** Who has signed in and is no viewer. */
        CHANGE
    }

    /** Does the work on the request's thread. */
    @FunctionalInterface
    interface Handler {
        /** Answers with the body for status 200, or throws an {@link ApiFailure} or a refusal of the core. */
        JsonNode handle(Call call);
    }

    static Operation get(String path, Handler handler) {
        return new Operation("GET", path, Access.LOOK, MAX_BODY, handler);
    }

    static Operation post(String path, Handler handler) {
        return new Operation("POST", path, Access.CHANGE, MAX_BODY, handler);
    }

    static Operation put(String path, Handler handler) {
        return new Operation("PUT", path, Access.CHANGE, MAX_BODY, handler);
    }

    static Operation delete(String path, Handler handler) {
        return new Operation("DELETE", path, Access.CHANGE, MAX_BODY, handler);
    }

    /** The same for everybody. */
    Operation withoutToken() {
        return new Operation(method, path, Access.OPEN, MAX_OPEN_BODY, handler);
    }

    /** The same, concerning nobody but the caller. */
    Operation own() {
        return new Operation(method, path, Access.OWN, maxBody, handler);
    }

    /** The same, changing nothing whatever its method is. */
    Operation looking() {
        return new Operation(method, path, Access.LOOK, maxBody, handler);
    }

    /** The same with larger bodies, of which few are read at a time. */
    Operation withBody(int bytes) {
        return new Operation(method, path, access, bytes, handler);
    }

    /** Whether it needs no token. */
    boolean open() {
        return access == Access.OPEN;
    }

    /** Whether its bodies are larger than most. */
    boolean large() {
        return maxBody > MAX_BODY;
    }
}

package org.memphisee.dashboard.api;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One operation of the API.
 *
 * @param method HTTP method
 * @param path below {@code /api/}
 * @param open whether it needs no token
 * @param maxBody largest body, bytes
 * @param handler does it
 */
record Operation(String method, String path, boolean open, int maxBody, Handler handler) {

    /** Largest body of most operations, bytes. */
    static final int MAX_BODY = 1 << 20;
    /** Largest body of who has no token yet. */
    private static final int MAX_OPEN_BODY = 16 << 10;

    /** Does the work on the request's thread. */
    @FunctionalInterface
    interface Handler {
        /** Answers with the body for status 200, or throws an {@link ApiFailure} or a refusal of the core. */
        JsonNode handle(Call call);
    }

    static Operation get(String path, Handler handler) {
        return new Operation("GET", path, false, MAX_BODY, handler);
    }

    static Operation post(String path, Handler handler) {
        return new Operation("POST", path, false, MAX_BODY, handler);
    }

    static Operation put(String path, Handler handler) {
        return new Operation("PUT", path, false, MAX_BODY, handler);
    }

    static Operation delete(String path, Handler handler) {
        return new Operation("DELETE", path, false, MAX_BODY, handler);
    }

    /** The same for everybody. */
    Operation withoutToken() {
        return new Operation(method, path, true, MAX_OPEN_BODY, handler);
    }

    /** The same with larger bodies, of which few are read at a time. */
    Operation withBody(int bytes) {
        return new Operation(method, path, open, bytes, handler);
    }

    /** Whether its bodies are larger than most. */
    boolean large() {
        return maxBody > MAX_BODY;
    }
}

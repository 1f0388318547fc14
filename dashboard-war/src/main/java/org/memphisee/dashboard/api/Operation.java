package org.memphisee.dashboard.api;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One operation of the API.
 *
 * @param method HTTP method
 * @param path below {@code /api/}
 * @param open whether it needs no token
 * @param handler does it
 */
record Operation(String method, String path, boolean open, Handler handler) {

    /** Does the work on the request's thread. */
    @FunctionalInterface
    interface Handler {
        /** Answers with the body for status 200, or throws an {@link ApiFailure} or a refusal of the core. */
        JsonNode handle(Call call);
    }

    static Operation get(String path, Handler handler) {
        return new Operation("GET", path, false, handler);
    }

    static Operation post(String path, Handler handler) {
        return new Operation("POST", path, false, handler);
    }

    static Operation put(String path, Handler handler) {
        return new Operation("PUT", path, false, handler);
    }

    static Operation delete(String path, Handler handler) {
        return new Operation("DELETE", path, false, handler);
    }

    /** The same for everybody. */
    Operation withoutToken() {
        return new Operation(method, path, true, handler);
    }
}

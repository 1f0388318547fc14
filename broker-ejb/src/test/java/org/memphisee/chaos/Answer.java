package org.memphisee.chaos;

import java.io.IOException;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a node answered: JSON, or a status. */
record Answer(JsonNode json, String status, String text) {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Unavailable, outcome unknown; no room. Of the first, nobody knows whether it was done. */
    private static final int UNAVAILABLE = 10_008;
    /** Refusals with which something certainly was not done: wrong last sequence, exists, not found, in use, bad request. */
    private static final Set<Integer> REFUSALS = Set.of(10_071, 10_058, 10_059, 10_065, 10_003, 10_023, 10_047);

    static Answer of(LineClient.Message message) throws IOException {
        String status = message.headers().startsWith("NATS/1.0 ") ? message.headers().substring(9, 12) : "";
        JsonNode json = message.payload().startsWith("{") ? JSON.readTree(message.payload()) : JSON.createObjectNode();
        return new Answer(json, status, (message.headers().isEmpty() ? "" : message.headers().replace("\r\n", " "))
            + message.payload());
    }

    int error() {
        return json.path("error").path("err_code").asInt();
    }

    boolean ok() {
        return status.isEmpty() && !json.has("error");
    }

    boolean unavailable() {
        return error() == UNAVAILABLE || !status.isEmpty();
    }

    Op.Result result() {
        return ok() ? Op.Result.OK : REFUSALS.contains(error()) ? Op.Result.REFUSED : Op.Result.UNKNOWN;
    }
}

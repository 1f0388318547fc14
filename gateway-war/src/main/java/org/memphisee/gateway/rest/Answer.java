package org.memphisee.gateway.rest;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * What a client gets.
 *
 * @param status status code
 * @param type content type, null for none
 * @param body body; not copied
 */
record Answer(int status, String type, byte[] body) {

    static final String JSON = "application/json";
    static final String TEXT = "text/plain";

    static final Answer DONE = json(200, "{\"error\":null,\"success\":true}");
    static final Answer ALIVE = json(200, "{\"status\":\"ok\"}");
    static final Answer UNAUTHORIZED = json(401, "{\"message\":\"Unauthorized\"}");
    static final Answer SERVER_ERROR = json(500, "{\"message\":\"Server error\"}");
    static final Answer NOTHING = new Answer(204, null, new byte[0]);
    static final Answer NOT_READY = json(503, "{\"message\":\"The broker is not ready\"}");
    static final Answer TOO_SLOW = failure(503, "the broker did not answer in time, the message may be stored or not");
    static final Answer INCOMPLETE = json(408, "{\"message\":\"The body did not arrive\"}");
    static final Answer INVALID_FIELDS = message(400, "Some of your fields are not valid it is usually because you are "
        + "missing some fields or you are sending wrong data types, also please notice that account_id field should be "
        + "sent as a number rather than a string");
    static final Answer USERNAME_REQUIRED =
        json(400, "{\"message\":[{\"field\":\"Username\",\"reason\":\"required\"}]}");

    static Answer json(int status, String body) {
        return new Answer(status, JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer json(int status, JsonNode body) {
        return json(status, body.toString());
    }

    static Answer text(int status, String body) {
        return new Answer(status, TEXT, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer message(int status, String message) {
        return json(status, JsonNodeFactory.instance.objectNode().put("message", message));
    }

    static Answer failure(int status, String error) {
        return json(status, JsonNodeFactory.instance.objectNode().put("error", error).put("success", false));
    }

    /** The same JSON object with what may help; programs go on reading what they know. */
    Answer hint(String hint) {
        String object = new String(body, StandardCharsets.UTF_8);
        return json(status, object.substring(0, object.length() - 1) + ",\"hint\":" + TextNode.valueOf(hint) + "}");
    }

    /** Whether trying again later may help. */
    boolean temporary() {
        return status == 503;
    }
}

package org.memphisee.core.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.api.Reply;
import org.memphisee.core.routing.Router;

/**
 * Registers producers and consumers by the requests that SDKs send (wire-protocol.md 3.4 to 3.7), so that a local
 * client is treated and shown like any other, and gets missing stations with the defaults. Any thread.
 */
final class Registrations {

    private static final int REQUEST_VERSION = 4;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Router router;
    private final ClientIdentity client;

    Registrations(Router router, ClientIdentity client) {
        this.router = router;
        this.client = client;
    }

    /** Registers a producer; gives the station's partition numbers, none for a station without partitions. */
    CompletableFuture<List<Integer>> producer(String name, String station) {
        ObjectNode request = common(name, station).put("producer_type", "application");
        return send("$memphis_producer_creations", request);
    }

    /** Takes a producer back; nobody waits for it. */
    void producerGone(String name, String station) {
        ObjectNode request = MAPPER.createObjectNode().put("name", name).put("station_name", station)
            .put("connection_id", client.connectionId()).put("username", client.user())
            .put("req_version", REQUEST_VERSION);
        router.request(new ApiRequest(client, "$memphis_producer_destructions", bytes(request), new Answer()));
    }

    /** Registers a consumer and its group; gives the station's partition numbers. */
    CompletableFuture<List<Integer>> consumer(GroupKey group) {
        ObjectNode request = common(group.consumer(), group.station()).put("consumer_type", "application")
            .put("consumers_group", group.group()).put("max_ack_time_ms", group.maxAckMillis())
            .put("max_msg_deliveries", group.maxDeliveries()).put("start_consume_from_sequence", 1)
            .put("last_messages", -1);
        return send("$memphis_consumer_creations", request);
    }

    private ObjectNode common(String name, String station) {
        return MAPPER.createObjectNode().put("name", name).put("station_name", station)
            .put("connection_id", client.connectionId()).put("req_version", REQUEST_VERSION)
            .put("username", client.user()).put("app_id", client.connectionId()).put("sdk_lang", client.lang());
    }

    private CompletableFuture<List<Integer>> send(String subject, ObjectNode request) {
        Answer answer = new Answer();
        if (!router.request(new ApiRequest(client, subject, bytes(request), answer))) {
            answer.completeExceptionally(new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, "the broker is not ready"));
        }
        return answer.thenApply(Registrations::partitions);
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Errors come as plain text from some requests and as a member from others. */
    private static List<Integer> partitions(byte[] answer) {
        JsonNode json;
        try {
            json = MAPPER.readTree(answer);
        } catch (IOException plainText) {
            throw new LocalRefusal(LocalRefusal.Kind.FAILED, new String(answer, StandardCharsets.UTF_8));
        }
        String error = json.path("error").asText("");
        if (!error.isEmpty() || !json.isObject()) {
            throw new LocalRefusal(LocalRefusal.Kind.FAILED, error.isEmpty() ? "no answer of the broker" : error);
        }
        List<Integer> partitions = new ArrayList<>();
        json.path("partitions_update").path("partitions_list").forEach(n -> partitions.add(n.asInt()));
        return List.copyOf(partitions);
    }

    /** The one answer to a request. */
    private static final class Answer extends CompletableFuture<byte[]> implements Reply {
        @Override
        public boolean wanted() {
            return true;
        }

        @Override
        public void send(byte[] payload) {
            complete(payload);
        }

        @Override
        public void send(byte[] headerBlock, byte[] payload) {
            complete(payload);
        }

        @Override
        public void nobody() {
            completeExceptionally(new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, "nobody serves the request"));
        }
    }
}

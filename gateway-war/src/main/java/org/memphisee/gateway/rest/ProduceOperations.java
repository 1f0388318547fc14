package org.memphisee.gateway.rest;

import java.util.Set;

import org.memphisee.core.client.Destination;
import org.memphisee.core.client.LocalClient;
import org.memphisee.core.client.LocalConnection;
import org.memphisee.core.client.LocalMessage;
import org.memphisee.core.client.LocalRefusal;
import org.memphisee.core.client.PartitionChoice;

/** Messages into stations. Thread-safe. */
final class ProduceOperations {

    /** How the gateway is shown as producer, and its groups are named after it. */
    static final String NAME = "rest-gateway";

    static final Set<String> RAW = Set.of("", "application/x-protobuf", "application/octet-stream",
        "application/protobuf", "application/avro", "avro/binary", "application/graphql",
        "application/x-www-form-urlencoded", "application/xml");

    private final LocalClient client;
    private final RequestBody bodies;
    private final MessageHeaders headers = new MessageHeaders();
    private final Refusals refusals;
    private final int maxBatch;

    /**
     * @param maxBatch bytes of a batch's body
     */
    ProduceOperations(LocalClient client, RequestBody bodies, Refusals refusals, int maxBatch) {
        this.client = client;
        this.bodies = bodies;
        this.refusals = refusals;
        this.maxBatch = maxBatch;
    }

    /** The body as one message, byte for byte. */
    void single(RestExchange exchange, String user, String station) {
        if (!accepted(exchange.contentType)) {
            exchange.answer(refusals.failure(415, "unsupported content type",
                "send Content-Type: application/json, text/plain or application/octet-stream"));
            return;
        }
        LocalConnection connection = client.connection(NAME, user);
        Destination to = destination(exchange, station);
        byte[] block = headers.block(exchange.call, NAME, connection.id());
        int limit = Math.max(0, client.maxPayload() - block.length);
        exchange.when(bodies.read(exchange, limit, tooLarge(limit)), (body, error) -> {
            if (error != null) {
                exchange.answer(Refusals.other(error));
                return;
            }
            exchange.when(connection.publish(to, new LocalMessage(block, body)), (stored, failure) ->
                exchange.answer(failure == null ? Answer.DONE : refusals.produce(failure)));
        });
    }

    /** Each element of a JSON array as one message. */
    void batch(RestExchange exchange, String user, String station) {
        if (!BodyFields.mediaType(exchange.contentType).equals("application/json")) {
            exchange.answer(refusals.failure(415, "unsupported content type",
                "a batch is a JSON array; send Content-Type: application/json"));
            return;
        }
        LocalConnection connection = client.connection(NAME, user);
        Destination to = destination(exchange, station);
        byte[] block = headers.block(exchange.call, NAME, connection.id());
        boolean each = "true".equalsIgnoreCase(RestQuery.parameter(exchange, "results"));
        exchange.when(bodies.read(exchange, maxBatch, tooLarge(maxBatch)), (body, error) -> {
            if (error != null) {
                exchange.answer(Refusals.other(error));
                return;
            }
            exchange.leaveLoop(() -> {
                if (JsonElements.valid(body)) {
                    new BatchProduce(exchange, connection, to, block, body, refusals, each).start();
                } else {
                    exchange.answer(refusals.failure(400, "unsupported request", "a batch is a JSON array, and each element "
                        + "a message; one message goes to /stations/<station>/produce/single"));
                }
            });
        });
    }

    private Answer tooLarge(int limit) {
        return Answer.failure(413, "Request Entity Too Large: more than " + limit + " bytes");
    }

    private Destination destination(RestExchange exchange, String station) {
        try {
            return new Destination(station, NAME, PartitionChoice.of(RestQuery.parameter(exchange, "partition_key"),
                RestQuery.parameter(exchange, "partition_number")));
        } catch (LocalRefusal refusal) {
            throw new Rejection(refusals.produce(refusal));
        }
    }

    static boolean accepted(String contentType) {
        return contentType == null || contentType.contains("text") || contentType.contains("application/json")
            || RAW.contains(BodyFields.mediaType(contentType));
    }
}

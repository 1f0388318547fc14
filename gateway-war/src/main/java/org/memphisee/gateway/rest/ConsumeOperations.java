package org.memphisee.gateway.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.client.FetchSize;
import org.memphisee.core.client.Fetched;
import org.memphisee.core.client.GroupKey;
import org.memphisee.core.client.LocalClient;
import org.memphisee.core.client.LocalConnection;
import org.memphisee.core.client.LocalDelivery;
import org.memphisee.core.client.LocalHeaders;
import org.memphisee.core.client.LocalSettlement;

/** Messages out of stations, and what clients say about them (R-005 and rest-gateway.md 10). Thread-safe. */
final class ConsumeOperations {

    private static final int MAX_BODY = 1 << 20;
    private static final int DEFAULT_BATCH = 10;
    private static final int MAX_BATCH = 5000;
    private static final long DEFAULT_WAIT = 5000;
    private static final long MIN_WAIT = 100;
    private static final long MAX_WAIT = 3_600_000;
    /** Of a client that acknowledges by having got the answer. */
    private static final long ACK_MILLIS = 10_000;
    private static final int DELIVERIES = 1;
    /** Of a client that acknowledges by a request of its own, unless it asks for others. */
    private static final long MANUAL_ACK_MILLIS = 30_000;
    private static final int MANUAL_DELIVERIES = 10;
    private static final long FETCH_BYTES = 4 << 20;
    private static final String OWN = "$memphis";
    private static final Answer BAD_BODY = Answer.failure(400, "Invalid request body");

    private final LocalClient client;
    private final RequestBody bodies;
    private final Refusals refusals;

    ConsumeOperations(LocalClient client, RequestBody bodies, Refusals refusals) {
        this.client = client;
        this.bodies = bodies;
        this.refusals = refusals;
    }

    private interface Request {
        void run(BodyFields fields) throws BodyFields.Malformed;
    }

    private void withFields(RestExchange exchange, Request request) {
        exchange.when(bodies.read(exchange, MAX_BODY, Answer.failure(413, "Request Entity Too Large")), (body, error) -> {
            if (error != null) {
                exchange.answer(Refusals.other(error));
                return;
            }
            exchange.leaveLoop(() -> {
                try {
                    request.run(BodyFields.read(body, exchange.contentType));
                } catch (BodyFields.Malformed e) {
                    exchange.answer(BAD_BODY);
                }
            });
        });
    }

    /** Up to so many messages, acknowledged before the answer unless the client wants to do it itself. */
    void batch(RestExchange exchange, String user, String station) {
        exchange.patience(MAX_WAIT);
        boolean manual = "manual".equalsIgnoreCase(RestQuery.parameter(exchange, "ack"));
        boolean base64 = "base64".equalsIgnoreCase(RestQuery.parameter(exchange, "encoding"));
        withFields(exchange, fields -> {
            String name = fields.text("consumer_name").toLowerCase(Locale.ROOT);
            String group = fields.text("consumer_group").toLowerCase(Locale.ROOT);
            long batch = orDefault(fields.number("batch_size", false), DEFAULT_BATCH);
            long wait = orDefault(fields.number("batch_max_wait_time_ms", false), DEFAULT_WAIT);
            long ackMillis = orDefault(fields.number("max_ack_time_ms", false), MANUAL_ACK_MILLIS);
            long deliveries = orDefault(fields.number("max_msg_deliveries", false), MANUAL_DELIVERIES);
            if (name.isEmpty()) {
                throw new Rejection(Answer.failure(400, "Consumer name is required"));
            }
            if (batch < 1 || batch > MAX_BATCH) {
                throw new Rejection(
                    Answer.failure(400, "Batch size can not be greater than 5000 or less than 1"));
            }
            long waitMillis = Math.min(MAX_WAIT, Math.max(MIN_WAIT, wait));
            LocalConnection connection = client.connection(ProduceOperations.NAME, user);
            GroupKey key = new GroupKey(station, name, effectiveGroup(group), manual ? ackMillis : ACK_MILLIS,
                manual ? (int) Math.min(Integer.MAX_VALUE, deliveries) : DELIVERIES);
            exchange.when(connection.fetch(key, new FetchSize((int) batch, waitMillis, FETCH_BYTES)),
                (fetched, error) -> {
                    if (error != null) {
                        exchange.answer(refusals.consume(error));
                    } else if (manual || fetched.messages().isEmpty()) {
                        give(exchange, fetched, manual, base64);
                    } else {
                        acknowledged(exchange, connection, station, fetched, base64);
                    }
                });
        });
    }

    private static long orDefault(long given, long normal) {
        return given == 0 ? normal : given;
    }

    private static String effectiveGroup(String group) {
        return group.isEmpty() ? ProduceOperations.NAME : group + "-" + ProduceOperations.NAME;
    }

    private void acknowledged(RestExchange exchange, LocalConnection connection, String station, Fetched fetched,
                              boolean base64) {
        List<String> deliveries = fetched.messages().stream().map(LocalDelivery::ackSubject).toList();
        exchange.when(connection.settle(station, deliveries, LocalSettlement.ACKNOWLEDGED), (settled, error) -> {
            if (error != null) {
                fetched.close();
                exchange.answer(refusals.consume(error));
            } else {
                give(exchange, fetched, false, base64);
            }
        });
    }

    private static void give(RestExchange exchange, Fetched fetched, boolean manual, boolean base64) {
        exchange.answer(Answer.json(200, messages(fetched.messages(), manual, base64)), fetched::close);
    }

    private static ArrayNode messages(List<LocalDelivery> deliveries, boolean manual, boolean base64) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode(deliveries.size());
        for (LocalDelivery delivery : deliveries) {
            ObjectNode one = all.addObject().put("message", base64
                ? Base64.getEncoder().encodeToString(delivery.payload())
                : new String(delivery.payload(), StandardCharsets.UTF_8));
            ObjectNode headers = one.putObject("headers");
            LocalHeaders.read(delivery.headers()).forEach((name, value) -> {
                if (!name.startsWith(OWN)) {
                    headers.put(name, value);
                }
            });
            if (manual) {
                one.put("ack_id", Base64.getUrlEncoder().withoutPadding()
                    .encodeToString(delivery.ackSubject().getBytes(StandardCharsets.UTF_8)));
            }
        }
        return all;
    }

    /** Deliveries are done with. */
    void acknowledge(RestExchange exchange, String user, String station) {
        settle(exchange, user, station, delay -> LocalSettlement.ACKNOWLEDGED);
    }

    /** Deliveries are wanted again. */
    void refuse(RestExchange exchange, String user, String station) {
        settle(exchange, user, station, LocalSettlement.Again::new);
    }

    private interface Saying {
        LocalSettlement of(long delayMillis);
    }

    private void settle(RestExchange exchange, String user, String station, Saying saying) {
        withFields(exchange, fields -> {
            List<String> ids = fields.texts("ack_ids");
            LocalSettlement settlement = saying.of(fields.number("delay_ms", false));
            if (ids.isEmpty() || ids.size() > MAX_BATCH) {
                throw new Rejection(Answer.failure(400, "ack_ids has to be a list of 1 to 5000 ids"));
            }
            List<String> deliveries = ids.stream().map(ConsumeOperations::delivery).toList();
            LocalConnection connection = client.connection(ProduceOperations.NAME, user);
            exchange.when(connection.settle(station, deliveries, settlement), (settled, error) ->
                exchange.answer(error != null ? refusals.consume(error) : results(settled)));
        });
    }

    /** What an id stands for; empty for what is none. */
    private static String delivery(String id) {
        try {
            return new String(Base64.getUrlDecoder().decode(id), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static Answer results(List<Boolean> settled) {
        if (!settled.contains(false)) {
            return Answer.DONE;
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode()
            .put("error", "some ids name no delivery of a group of this station").put("success", false);
        ArrayNode results = answer.putArray("results");
        settled.forEach(results::add);
        return Answer.json(400, answer);
    }
}

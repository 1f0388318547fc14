package org.memphisee.gateway.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.client.Destination;
import org.memphisee.core.client.LocalConnection;
import org.memphisee.core.client.LocalMessage;
import org.memphisee.core.client.LocalRefusal;
import org.memphisee.core.client.Stored;

/**
 * Publishes the elements of one array in their order, some at a time so that the memory for them is bounded, and stops
 * at the first that fails. One step at a time.
 */
final class BatchProduce {

    private static final int WINDOW_MESSAGES = 1000;
    private static final int WINDOW_BYTES = 4 << 20;

    private final RestExchange exchange;
    private final LocalConnection connection;
    private final Destination to;
    private final byte[] headers;
    private final byte[] body;
    private final Refusals refusals;
    private final ArrayNode results;
    private JsonElements elements;
    private int sent;
    private boolean last;

    /**
     * @param body a JSON array
     * @param each whether the answer has a result for each message
     */
    BatchProduce(RestExchange exchange, LocalConnection connection, Destination to, byte[] headers, byte[] body,
                 Refusals refusals, boolean each) {
        this.exchange = exchange;
        this.connection = connection;
        this.to = to;
        this.headers = headers;
        this.body = body;
        this.refusals = refusals;
        this.results = each ? JsonNodeFactory.instance.arrayNode() : null;
    }

    void start() {
        try {
            elements = new JsonElements(body);
            window();
        } catch (IOException e) {
            throw new UncheckedIOException("was checked before", e);
        }
    }

    private void window() throws IOException {
        List<LocalMessage> messages = new ArrayList<>();
        int bytes = 0;
        while (messages.size() < WINDOW_MESSAGES && bytes < WINDOW_BYTES) {
            byte[] element = elements.next();
            if (element == null) {
                last = true;
                break;
            }
            LocalMessage message = new LocalMessage(headers, element);
            messages.add(message);
            bytes += message.size();
        }
        if (messages.isEmpty()) {
            exchange.answer(done());
            return;
        }
        exchange.when(connection.publishAll(to, messages), (published, error) -> {
            if (error != null) {
                failed(error);
                return;
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(published.toArray(CompletableFuture[]::new));
            exchange.when(all.exceptionally(oneFailed -> null), (nothing, never) -> settled(published, messages.size()));
        });
    }

    private void settled(List<CompletableFuture<Stored>> published, int wanted) {
        for (CompletableFuture<Stored> one : published) {
            try {
                Stored stored = one.join();
                sent++;
                if (results != null) {
                    results.addObject().put("success", true).put("partition", stored.partition())
                        .put("sequence", stored.sequence()).put("duplicate", stored.duplicate());
                }
            } catch (RuntimeException e) {
                failed(e);
                return;
            }
        }
        if (published.size() < wanted) {
            throw new IllegalStateException("fewer results than messages and none that failed");
        }
        if (last) {
            exchange.answer(done());
        } else if (!exchange.over()) {
            exchange.leaveLoop(this::next);
        }
    }

    private void next() {
        try {
            window();
        } catch (IOException e) {
            throw new UncheckedIOException("was checked before", e);
        }
    }

    private Answer done() {
        if (results == null) {
            return Answer.DONE;
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode().putNull("error").put("success", true);
        answer.set("results", results);
        return Answer.json(200, answer);
    }

    private void failed(Throwable error) {
        if (!(Refusals.error(error) instanceof LocalRefusal refusal)) {
            exchange.answer(Refusals.other(error));
            return;
        }
        int total = total();
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("success", false);
        answer.putArray("error").add(refusal.getMessage());
        answer.putArray("errors").add(refusal.getMessage());
        answer.put("sent", sent).put("fail", total - sent);
        if (results != null) {
            results.addObject().put("success", false).put("error", refusal.getMessage());
            answer.set("results", results);
        }
        exchange.answer(Answer.json(refusals.produceStatus(refusal.kind()), answer));
    }

    private int total() {
        try {
            JsonElements all = new JsonElements(body);
            int n = 0;
            while (all.next() != null) {
                n++;
            }
            return n;
        } catch (IOException e) {
            throw new UncheckedIOException("was checked before", e);
        }
    }
}

package org.memphisee.core.control;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.time.World;

/** Tells subscribers about streams and consumers that came and went (jetstream-api.md 6.15). Thread-safe. */
final class DefinitionAdvisories {

    private static final String PREFIX = "$JS.EVENT.ADVISORY.";
    private static final String TYPE = "io.nats.jetstream.advisory.v1.";

    private final InternalPublisher publisher;
    private final World world;

    DefinitionAdvisories(InternalPublisher publisher, World world) {
        this.publisher = publisher;
        this.world = world;
    }

    void streamCreated(String stream) {
        stream(stream, "CREATED", "create");
    }

    void streamUpdated(String stream) {
        stream(stream, "UPDATED", "modify");
    }

    void streamDeleted(String stream) {
        stream(stream, "DELETED", "delete");
    }

    void consumerCreated(String stream, String consumer) {
        consumer(stream, consumer, "CREATED", "create");
    }

    void consumerDeleted(String stream, String consumer) {
        consumer(stream, consumer, "DELETED", "delete");
    }

    private void stream(String stream, String what, String action) {
        String subject = PREFIX + "STREAM." + what + "." + stream;
        if (publisher.heard(subject)) {
            send(subject, envelope("stream_action").put("stream", stream).put("action", action));
        }
    }

    private void consumer(String stream, String consumer, String what, String action) {
        String subject = PREFIX + "CONSUMER." + what + "." + stream + "." + consumer;
        if (publisher.heard(subject)) {
            send(subject, envelope("consumer_action").put("stream", stream).put("consumer", consumer).put("action", action));
        }
    }

    private ObjectNode envelope(String type) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        long now = world.clock().wallNanos();
        node.put("type", TYPE + type).put("id", world.newId())
            .put("timestamp", DateTimeFormatter.ISO_INSTANT.format(
                Instant.ofEpochSecond(now / 1_000_000_000L, now % 1_000_000_000L)));
        return node;
    }

    private void send(String subject, ObjectNode node) {
        publisher.publishHere(subject, node.toString().getBytes(StandardCharsets.UTF_8));
    }
}

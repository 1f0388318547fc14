package org.memphisee.core.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Publishes what others may want to know about a consumer's messages (jetstream-api.md 6.6, 6.13, 6.15). Nothing is made that
 * nobody hears.
 */
public final class ConsumerAdvisories {

    private static final String ADVISORY = "$JS.EVENT.ADVISORY.CONSUMER.";
    private static final String ADVISORY_TYPE = "io.nats.jetstream.advisory.v1.";
    private static final String ID_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final AdvisoryOutlet env;
    private final String stream;
    private final String consumer;
    private final String maxDeliveries;
    private final String naked;
    private final String terminated;
    private final String acknowledged;

    public ConsumerAdvisories(AdvisoryOutlet env, String stream, String consumer) {
        this.env = env;
        this.stream = stream;
        this.consumer = consumer;
        String about = '.' + stream + '.' + consumer;
        maxDeliveries = ADVISORY + "MAX_DELIVERIES" + about;
        naked = ADVISORY + "MSG_NAKED" + about;
        terminated = ADVISORY + "MSG_TERMINATED" + about;
        acknowledged = "$JS.EVENT.METRIC.CONSUMER.ACK" + about;
    }

    public void maxDeliveries(long streamSeq, int deliveries) {
        if (env.heard(maxDeliveries)) {
            publish(maxDeliveries, event(ADVISORY_TYPE + "max_deliver")
                .append(",\"stream_seq\":").append(streamSeq)
                .append(",\"deliveries\":").append(deliveries));
        }
    }

    public void naked(long streamSeq, long consumerSeq, int deliveries) {
        if (env.heard(naked)) {
            publish(naked, delivery(ADVISORY_TYPE + "nak", streamSeq, consumerSeq, deliveries));
        }
    }

    public void terminated(long streamSeq, long consumerSeq, int deliveries, String reason) {
        if (!env.heard(terminated)) {
            return;
        }
        StringBuilder json = delivery(ADVISORY_TYPE + "terminated", streamSeq, consumerSeq, deliveries);
        if (!reason.isEmpty()) {
            json.append(",\"reason\":");
            JsonText.append(json, reason);
        }
        publish(terminated, json);
    }

    public void acknowledged(long streamSeq, long consumerSeq, int deliveries, long ackNanos) {
        if (env.heard(acknowledged)) {
            publish(acknowledged, delivery("io.nats.jetstream.metric.v1.consumer_ack", streamSeq, consumerSeq, deliveries)
                .append(",\"ack_time\":").append(ackNanos));
        }
    }

    private StringBuilder delivery(String type, long streamSeq, long consumerSeq, int deliveries) {
        return event(type)
            .append(",\"consumer_seq\":").append(consumerSeq)
            .append(",\"stream_seq\":").append(streamSeq)
            .append(",\"deliveries\":").append(deliveries);
    }

    private StringBuilder event(String type) {
        long wall = env.wallNanos();
        StringBuilder json = new StringBuilder(320).append("{\"type\":\"").append(type).append("\",\"id\":\"");
        id(json, env.random());
        id(json, env.random());
        json.append("\",\"timestamp\":\"")
            .append(Instant.ofEpochSecond(Math.floorDiv(wall, 1_000_000_000L), Math.floorMod(wall, 1_000_000_000L)))
            .append("\",\"stream\":");
        JsonText.append(json, stream);
        json.append(",\"consumer\":");
        JsonText.append(json, consumer);
        return json;
    }

    private void publish(String subject, StringBuilder json) {
        env.publish(subject, json.append('}').toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void id(StringBuilder json, long random) {
        long rest = random;
        for (int i = 0; i < 11; i++) {
            json.append(ID_ALPHABET.charAt((int) Long.remainderUnsigned(rest, ID_ALPHABET.length())));
            rest = Long.divideUnsigned(rest, ID_ALPHABET.length());
        }
    }
}

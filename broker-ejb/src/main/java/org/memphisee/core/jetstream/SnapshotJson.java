package org.memphisee.core.jetstream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.archive.ArchiveException;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerPosition;
import org.memphisee.core.consumer.CorruptConsumerStateException;
import org.memphisee.core.partition.StreamState;

/**
 * The entries of an archive that are JSON (jetstream-new.md 6): the stream's figures and its consumers. What only this broker
 * knows of a consumer stands beside, under a name of its own that others pass over.
 */
final class SnapshotJson {

    /** Consumers of one stream in an archive at most. */
    static final int MAX_CONSUMERS = 10_000;
    /** No archive has a sequence beyond this. */
    static final long MAX_SEQUENCE = 1L << 60;

    private static final String OWN_STATE = "memphisee_state";

    private SnapshotJson() { }

    /** The numbers of an archive's stream that matter here. */
    record Numbers(long first, long last, long lastTimeNanos, int consumers) { }

    /** A consumer of an archive. */
    record ArchivedConsumer(ConsumerConfig config, byte[] state, long floor) { }

    static byte[] state(StreamState state, int consumers) {
        ObjectNode n = StreamJson.state(state);
        n.put("consumer_count", consumers);
        return bytes(n);
    }

    static Numbers numbers(byte[] json) throws ArchiveException {
        ApiFields f = fields(json, "state.json");
        try {
            long first = f.unsigned("first_seq");
            long last = f.unsigned("last_seq");
            long consumers = f.unsigned("consumer_count");
            if (last > MAX_SEQUENCE || first > last + 1 || consumers > MAX_CONSUMERS) {
                throw new ArchiveException("error in state.json: its numbers are out of range");
            }
            return new Numbers(Math.max(1, first), last, Math.max(0, Times.parse(f.text("last_ts"))), (int) consumers);
        } catch (ApiRefusal e) {
            throw new ArchiveException("error in state.json: " + e.description());
        }
    }

    static byte[] consumer(ConsumerConfig config, byte[] state, long nowNanos) {
        ConsumerPosition p = ConsumerPosition.of(state);
        ObjectNode n = StreamJson.node();
        n.set("config", ConsumerJson.config(config));
        ObjectNode s = n.putObject("state");
        s.putObject("delivered").put("consumer_seq", p.deliveredConsumer()).put("stream_seq", p.deliveredStream());
        s.putObject("ack_floor").put("consumer_seq", p.floorConsumer()).put("stream_seq", p.floorStream());
        ObjectNode again = StreamJson.node();
        if (!p.pending().isEmpty()) {
            ObjectNode pending = s.putObject("pending");
            p.pending().forEach(d -> {
                pending.putObject(Long.toString(d.sequence())).put("Sequence", d.consumerSequence()).put("Timestamp", nowNanos);
                if (d.deliveries() > 1) {
                    again.put(Long.toString(d.sequence()), d.deliveries() - 1);
                }
            });
        }
        p.exhausted().forEach(sequence -> again.put(Long.toString(sequence), Math.max(1, config.maxDeliver() - 1)));
        if (!again.isEmpty()) {
            s.set("redelivered", again);
        }
        n.put(OWN_STATE, Base64.getEncoder().encodeToString(state));
        return bytes(n);
    }

    static ArchivedConsumer consumer(String name, byte[] json) throws ArchiveException {
        ApiFields f = fields(json, "consumer \"" + name + "\"");
        try {
            if (!f.has("config")) {
                throw new ArchiveException("consumer \"" + name + "\" is missing config");
            }
            if (!f.has("state")) {
                throw new ArchiveException("consumer \"" + name + "\" is missing state");
            }
            ConsumerConfig config = ConsumerConfigReader.read(f.object("config"));
            if (!config.name().equals(name)) {
                throw new ArchiveException("consumer \"" + name + "\" is called \"" + config.name() + "\" in its configuration");
            }
            String own = f.text(OWN_STATE);
            byte[] state = own.isEmpty() ? position(f.object("state")).state() : Base64.getDecoder().decode(own);
            return new ArchivedConsumer(config, state, ConsumerPosition.of(state).floorStream());
        } catch (ApiRefusal e) {
            throw new ArchiveException("failed to add consumer \"" + name + "\": " + e.description());
        } catch (IllegalArgumentException | CorruptConsumerStateException e) {
            throw new ArchiveException("failed to set consumer \"" + name + "\" state: " + e.getMessage());
        }
    }

    private static ConsumerPosition position(ApiFields f) {
        ApiFields delivered = f.object("delivered");
        ApiFields floor = f.object("ack_floor");
        TreeMap<Long, Long> again = new TreeMap<>();
        ApiFields redelivered = f.object("redelivered");
        redelivered.names().forEach(sequence -> again.put(sequence(sequence), redelivered.unsigned(sequence)));
        TreeMap<Long, ConsumerPosition.Pending> pending = new TreeMap<>();
        ApiFields open = f.object("pending");
        for (String name : open.names()) {
            long sequence = sequence(name);
            Long times = again.remove(sequence);
            pending.put(sequence, new ConsumerPosition.Pending(sequence, open.object(name).unsigned("Sequence"),
                times == null ? 1 : (int) Math.min(1 << 20, times) + 1));
        }
        long deliveredStream = delivered.unsigned("stream_seq");
        List<Long> exhausted = new ArrayList<>(again.keySet());
        exhausted.removeIf(sequence -> sequence <= floor.unsigned("stream_seq"));
        return new ConsumerPosition(delivered.unsigned("consumer_seq"), deliveredStream, floor.unsigned("consumer_seq"),
            floor.unsigned("stream_seq"), List.copyOf(pending.values()), exhausted);
    }

    private static long sequence(String text) {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("\"" + text + "\" is no sequence");
        }
        return Long.parseLong(text);
    }

    private static ApiFields fields(byte[] json, String what) throws ArchiveException {
        try {
            return ApiFields.parse(json);
        } catch (ApiRefusal e) {
            throw new ArchiveException("error in " + what + ": it is not a JSON object");
        }
    }

    private static byte[] bytes(ObjectNode n) {
        return n.toString().getBytes(StandardCharsets.UTF_8);
    }
}

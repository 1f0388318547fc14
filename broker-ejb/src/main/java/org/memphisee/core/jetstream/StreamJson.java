package org.memphisee.core.jetstream;

import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.partition.StreamState;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.stream.StreamConfig;


/** Streams and messages as the API writes them (jetstream-api.md 5.3 to 5.5). */
public final class StreamJson {

    private StreamJson() { }

    static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The configuration. */
    public static ObjectNode config(StreamConfig c) {
        ObjectNode n = node();
        n.put("name", c.name());
        text(n, "description", c.description());
        c.subjects().forEach(n.putArray("subjects")::add);
        n.put("retention", lower(c.retention())).put("max_consumers", c.maxConsumers()).put("max_msgs", c.maxMsgs())
            .put("max_bytes", c.maxBytes()).put("max_age", c.maxAgeNanos())
            .put("max_msgs_per_subject", c.maxMsgsPerSubject()).put("max_msg_size", c.maxMsgSize())
            .put("discard", lower(c.discard()));
        flag(n, "discard_new_per_subject", c.discardNewPerSubject());
        n.put("storage", lower(c.storage())).put("num_replicas", c.replicas());
        flag(n, "no_ack", c.noAck());
        n.put("duplicate_window", c.duplicateWindowNanos());
        if (!c.placement().equals(StreamConfig.Placement.NONE)) {
            ObjectNode placement = n.putObject("placement");
            text(placement, "cluster", c.placement().cluster());
            c.placement().tags().forEach(placement.withArray("tags")::add);
        }
        if (c.firstSeq() != 0) {
            n.put("first_seq", c.firstSeq());
        }
        n.put("compression", c.compression()).put("allow_direct", c.allowDirect()).put("mirror_direct", c.mirrorDirect())
            .put("sealed", c.sealed()).put("deny_delete", c.denyDelete()).put("deny_purge", c.denyPurge())
            .put("allow_rollup_hdrs", c.allowRollup());
        if (!c.republish().source().isEmpty()) {
            ObjectNode r = n.putObject("republish");
            r.put("src", c.republish().source()).put("dest", c.republish().destination());
            flag(r, "headers_only", c.republish().headersOnly());
        }
        ObjectNode limits = n.putObject("consumer_limits");
        if (c.consumerInactiveThresholdNanos() != 0) {
            limits.put("inactive_threshold", c.consumerInactiveThresholdNanos());
        }
        if (c.consumerMaxAckPending() != 0) {
            limits.put("max_ack_pending", c.consumerMaxAckPending());
        }
        metadata(n, c.metadata());
        return n;
    }

    /** The figures. */
    public static ObjectNode state(StreamState s) {
        ObjectNode n = node();
        n.put("messages", s.messages()).put("bytes", s.bytes()).put("first_seq", s.firstSeq())
            .put("first_ts", Times.format(s.firstTimeNanos())).put("last_seq", s.lastSeq())
            .put("last_ts", Times.format(s.lastTimeNanos()));
        if (s.numSubjects() != 0) {
            n.put("num_subjects", s.numSubjects());
        }
        if (s.numDeleted() != 0) {
            n.put("num_deleted", s.numDeleted());
        }
        n.put("consumer_count", s.consumerCount());
        return n;
    }

    /** Adds what every answer about a stream has. */
    static ObjectNode info(ObjectNode n, StreamConfig config, long createdNanos, StreamState state, long nowNanos) {
        n.set("config", config(config));
        n.put("created", Times.format(createdNanos));
        n.set("state", state(state));
        n.put("ts", Times.format(nowNanos));
        return n;
    }

    static ObjectNode message(StoredMessage m) {
        ObjectNode n = node();
        n.put("subject", m.subject()).put("seq", m.sequence());
        if (m.header().length > 0) {
            n.put("hdrs", Base64.getEncoder().encodeToString(m.header()));
        }
        if (m.payload().length > 0) {
            n.put("data", Base64.getEncoder().encodeToString(m.payload()));
        }
        n.put("time", Times.format(m.timestampNanos()));
        return n;
    }

    static void text(ObjectNode n, String name, String value) {
        if (!value.isEmpty()) {
            n.put(name, value);
        }
    }

    static void flag(ObjectNode n, String name, boolean value) {
        if (value) {
            n.put(name, true);
        }
    }

    static void metadata(ObjectNode n, Map<String, String> metadata) {
        if (!metadata.isEmpty()) {
            ObjectNode m = n.putObject("metadata");
            new TreeMap<>(metadata).forEach(m::put);
        }
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

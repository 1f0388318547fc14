package org.memphisee.core.jetstream;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerConfig.AckPolicy;
import org.memphisee.core.consumer.ConsumerInfo;

/** Consumers as the API writes them (jetstream-api.md 5.8). */
public final class ConsumerJson {

    private ConsumerJson() { }

    /** Adds what is told about a consumer. */
    public static ObjectNode info(ObjectNode n, ConsumerInfo info, long nowNanos) {
        n.put("stream_name", info.stream()).put("name", info.config().name())
            .put("created", Times.format(info.createdNanos()));
        n.set("config", config(info.config()));
        position(n.putObject("delivered"), info.deliveredConsumerSeq(), info.deliveredStreamSeq(),
            info.deliveredLastActiveNanos());
        position(n.putObject("ack_floor"), info.ackFloorConsumerSeq(), info.ackFloorStreamSeq(),
            info.ackFloorLastActiveNanos());
        n.put("num_ack_pending", info.numAckPending()).put("num_redelivered", info.numRedelivered())
            .put("num_waiting", info.numWaiting()).put("num_pending", info.numPending())
            .put("ts", Times.format(nowNanos));
        StreamJson.flag(n, "push_bound", info.pushBound());
        return n;
    }

    private static void position(ObjectNode n, long consumerSeq, long streamSeq, long lastActive) {
        n.put("consumer_seq", consumerSeq).put("stream_seq", streamSeq);
        if (lastActive != 0) {
            n.put("last_active", Times.format(lastActive));
        }
    }

    static ObjectNode config(ConsumerConfig c) {
        ObjectNode n = StreamJson.node();
        if (c.durable()) {
            n.put("durable_name", c.name());
        }
        n.put("name", c.name());
        StreamJson.text(n, "description", c.description());
        n.put("deliver_policy", StreamJson.lower(c.deliverPolicy()));
        number(n, "opt_start_seq", c.optStartSeq());
        if (c.optStartTimeNanos() != 0) {
            n.put("opt_start_time", Times.format(c.optStartTimeNanos()));
        }
        n.put("ack_policy", StreamJson.lower(c.ackPolicy()));
        number(n, "ack_wait", c.ackWaitNanos());
        n.put("max_deliver", c.maxDeliver());
        if (!c.backoffNanos().isEmpty()) {
            c.backoffNanos().forEach(n.putArray("backoff")::add);
        }
        if (c.singleFilter()) {
            n.put("filter_subject", c.filterSubjects().get(0));
        } else if (!c.filterSubjects().isEmpty()) {
            c.filterSubjects().forEach(n.putArray("filter_subjects")::add);
        }
        n.put("replay_policy", c.replayOriginal() ? "original" : "instant");
        number(n, "rate_limit_bps", c.rateLimitBps());
        if (c.sampleFreq() != 0) {
            n.put("sample_freq", c.sampleFreq() + "%");
        }
        number(n, "max_waiting", c.maxWaiting());
        if (c.ackPolicy() != AckPolicy.NONE || c.maxAckPending() > 0) {
            n.put("max_ack_pending", c.maxAckPending());
        }
        number(n, "idle_heartbeat", c.idleHeartbeatNanos());
        StreamJson.flag(n, "flow_control", c.flowControl());
        StreamJson.flag(n, "headers_only", c.headersOnly());
        number(n, "max_batch", c.maxBatch());
        number(n, "max_expires", c.maxExpiresNanos());
        number(n, "max_bytes", c.maxBytes());
        StreamJson.text(n, "deliver_subject", c.deliverSubject());
        StreamJson.text(n, "deliver_group", c.deliverGroup());
        number(n, "inactive_threshold", c.inactiveThresholdNanos());
        n.put("num_replicas", c.replicas());
        StreamJson.flag(n, "mem_storage", c.memoryStorage());
        StreamJson.metadata(n, c.metadata());
        return n;
    }

    private static void number(ObjectNode n, String name, long value) {
        if (value != 0) {
            n.put(name, value);
        }
    }
}

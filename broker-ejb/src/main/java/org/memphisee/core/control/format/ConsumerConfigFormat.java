package org.memphisee.core.control.format;

import java.util.Map;

import org.memphisee.core.consumer.ConsumerConfig;

/**
 * A consumer's configuration inside an event. What its first format has must be there; a member that comes later gets a
 * default here, which says what consumers did before there was a choice.
 */
final class ConsumerConfigFormat {

    private static final Choice<ConsumerConfig.DeliverPolicy> DELIVER_POLICY = Choice.of(ConsumerConfig.DeliverPolicy.class,
        Map.of(ConsumerConfig.DeliverPolicy.ALL, "ALL", ConsumerConfig.DeliverPolicy.LAST, "LAST",
            ConsumerConfig.DeliverPolicy.NEW, "NEW", ConsumerConfig.DeliverPolicy.BY_START_SEQUENCE, "BY_START_SEQUENCE",
            ConsumerConfig.DeliverPolicy.BY_START_TIME, "BY_START_TIME", ConsumerConfig.DeliverPolicy.LAST_PER_SUBJECT,
            "LAST_PER_SUBJECT"));
    private static final Choice<ConsumerConfig.AckPolicy> ACK_POLICY = Choice.of(ConsumerConfig.AckPolicy.class,
        Map.of(ConsumerConfig.AckPolicy.NONE, "NONE", ConsumerConfig.AckPolicy.ALL, "ALL", ConsumerConfig.AckPolicy.EXPLICIT,
            "EXPLICIT"));

    private ConsumerConfigFormat() { }

    static void write(ConsumerConfig config, MemberWriter out) {
        out.text("name", config.name())
            .flag("durable", config.durable())
            .text("description", config.description())
            .choice("deliverPolicy", DELIVER_POLICY, config.deliverPolicy())
            .number("optStartSeq", config.optStartSeq())
            .number("optStartTimeNanos", config.optStartTimeNanos())
            .choice("ackPolicy", ACK_POLICY, config.ackPolicy())
            .number("ackWaitNanos", config.ackWaitNanos())
            .number("maxDeliver", config.maxDeliver())
            .numbers("backoffNanos", config.backoffNanos())
            .texts("filterSubjects", config.filterSubjects())
            .flag("singleFilter", config.singleFilter())
            .flag("replayOriginal", config.replayOriginal())
            .number("rateLimitBps", config.rateLimitBps())
            .number("sampleFreq", config.sampleFreq())
            .number("maxWaiting", config.maxWaiting())
            .number("maxAckPending", config.maxAckPending())
            .number("idleHeartbeatNanos", config.idleHeartbeatNanos())
            .flag("flowControl", config.flowControl())
            .flag("headersOnly", config.headersOnly())
            .number("maxBatch", config.maxBatch())
            .number("maxExpiresNanos", config.maxExpiresNanos())
            .number("maxBytes", config.maxBytes())
            .text("deliverSubject", config.deliverSubject())
            .text("deliverGroup", config.deliverGroup())
            .number("inactiveThresholdNanos", config.inactiveThresholdNanos())
            .number("replicas", config.replicas())
            .flag("memoryStorage", config.memoryStorage())
            .textsByName("metadata", config.metadata());
    }

    static ConsumerConfig read(MemberReader in) throws FormatException {
        return new ConsumerConfig(
            in.text("name"),
            in.flag("durable"),
            in.text("description"),
            in.choice("deliverPolicy", DELIVER_POLICY),
            in.number("optStartSeq"),
            in.number("optStartTimeNanos"),
            in.choice("ackPolicy", ACK_POLICY),
            in.number("ackWaitNanos"),
            in.number("maxDeliver"),
            in.numbers("backoffNanos"),
            in.texts("filterSubjects"),
            in.flag("singleFilter"),
            in.flag("replayOriginal"),
            in.number("rateLimitBps"),
            in.smallNumber("sampleFreq"),
            in.smallNumber("maxWaiting"),
            in.number("maxAckPending"),
            in.number("idleHeartbeatNanos"),
            in.flag("flowControl"),
            in.flag("headersOnly"),
            in.smallNumber("maxBatch"),
            in.number("maxExpiresNanos"),
            in.smallNumber("maxBytes"),
            in.text("deliverSubject"),
            in.text("deliverGroup"),
            in.number("inactiveThresholdNanos"),
            in.smallNumber("replicas"),
            in.flag("memoryStorage"),
            in.textsByName("metadata"));
    }
}

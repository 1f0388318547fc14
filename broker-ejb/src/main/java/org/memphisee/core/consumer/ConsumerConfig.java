package org.memphisee.core.consumer;

import java.util.List;
import java.util.Map;

/**
 * The configuration of a consumer, which for Memphis is one partition's share of a consumer group
 * (jetstream-api.md 5.7). Immutable, validated, defaulted; durations in nanoseconds, 0 when unset.
 *
 * @param name consumer name
 * @param durable whether {@code durable_name} was given
 * @param description free text, may be empty
 * @param deliverPolicy where it starts
 * @param optStartSeq only with {@link DeliverPolicy#BY_START_SEQUENCE}, else 0
 * @param optStartTimeNanos only with {@link DeliverPolicy#BY_START_TIME}, nanoseconds since the epoch, else 0
 * @param ackPolicy how acknowledgements count
 * @param ackWaitNanos time until an unacknowledged delivery comes again
 * @param maxDeliver deliveries of one message, -1 for unlimited
 * @param backoffNanos waiting time by delivery, empty for {@code ackWaitNanos}
 * @param filterSubjects what it wants, empty for everything
 * @param singleFilter the filter was given as {@code filter_subject}
 * @param replayOriginal space historic messages like they were stored
 * @param rateLimitBps bits per second, 0 for unlimited
 * @param sampleFreq percentage of acks sampled, 0 for none
 * @param maxWaiting waiting pull requests, pull only
 * @param maxAckPending unacknowledged deliveries, -1 for unlimited
 * @param idleHeartbeatNanos push only, 0 for none
 * @param flowControl push only
 * @param headersOnly leave the payload out
 * @param maxBatch cap on a pull's batch, 0 for none
 * @param maxExpiresNanos cap on a pull's expires, 0 for none
 * @param maxBytes cap on a pull's max_bytes, 0 for none
 * @param deliverSubject push target, empty for a pull consumer
 * @param deliverGroup queue group of a push consumer, empty for none
 * @param inactiveThresholdNanos idle time after which it is removed, 0 for never
 * @param replicas 0 for the stream's
 * @param memoryStorage keep its state in memory only
 * @param metadata free key-value pairs
 */
public record ConsumerConfig(String name, boolean durable, String description, DeliverPolicy deliverPolicy,
                             long optStartSeq, long optStartTimeNanos, AckPolicy ackPolicy, long ackWaitNanos,
                             long maxDeliver, List<Long> backoffNanos, List<String> filterSubjects,
                             boolean singleFilter, boolean replayOriginal, long rateLimitBps, int sampleFreq,
                             int maxWaiting, long maxAckPending, long idleHeartbeatNanos, boolean flowControl,
                             boolean headersOnly, int maxBatch, long maxExpiresNanos, int maxBytes,
                             String deliverSubject, String deliverGroup, long inactiveThresholdNanos, int replicas,
                             boolean memoryStorage, Map<String, String> metadata) {

    public ConsumerConfig {
        backoffNanos = List.copyOf(backoffNanos);
        filterSubjects = List.copyOf(filterSubjects);
        metadata = Map.copyOf(metadata);
    }

    /** Whether messages are pushed to a subject instead of being asked for. */
    public boolean push() {
        return !deliverSubject.isEmpty();
    }

    /** The same with another first sequence to look at and other filters. */
    public ConsumerConfig beginningAt(long sequence, List<String> filters) {
        return new ConsumerConfig(name, durable, description, deliverPolicy, sequence, optStartTimeNanos, ackPolicy,
            ackWaitNanos, maxDeliver, backoffNanos, filters, singleFilter, replayOriginal, rateLimitBps, sampleFreq,
            maxWaiting, maxAckPending, idleHeartbeatNanos, flowControl, headersOnly, maxBatch, maxExpiresNanos, maxBytes,
            deliverSubject, deliverGroup, inactiveThresholdNanos, replicas, memoryStorage, metadata);
    }

    /** The same that begins elsewhere: at a time for {@link DeliverPolicy#BY_START_TIME}, else as its policy says. */
    public ConsumerConfig beginning(DeliverPolicy policy, long startTimeNanos) {
        return new ConsumerConfig(name, durable, description, policy, optStartSeq, startTimeNanos, ackPolicy, ackWaitNanos,
            maxDeliver, backoffNanos, filterSubjects, singleFilter, replayOriginal, rateLimitBps, sampleFreq, maxWaiting,
            maxAckPending, idleHeartbeatNanos, flowControl, headersOnly, maxBatch, maxExpiresNanos, maxBytes,
            deliverSubject, deliverGroup, inactiveThresholdNanos, replicas, memoryStorage, metadata);
    }

    /** Where a new consumer starts (jetstream-api.md 6.2). */
    public enum DeliverPolicy { ALL, LAST, NEW, BY_START_SEQUENCE, BY_START_TIME, LAST_PER_SUBJECT }

    /** How acknowledgements count (jetstream-api.md 6.4). */
    public enum AckPolicy { NONE, ALL, EXPLICIT }
}

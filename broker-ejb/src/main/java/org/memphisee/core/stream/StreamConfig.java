package org.memphisee.core.stream;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The configuration of one partition stream (jetstream-api.md 5.3). Immutable and already validated and defaulted:
 * limits are -1 when unlimited, durations are nanoseconds and 0 when unset.
 *
 * @param name stream name, exactly as given
 * @param description free text, may be empty
 * @param subjects what is stored; never empty
 * @param retention when messages leave
 * @param maxConsumers -1 for unlimited
 * @param maxMsgs -1 for unlimited
 * @param maxBytes -1 for unlimited, in stored bytes
 * @param maxMsgsPerSubject -1 for unlimited
 * @param maxAgeNanos 0 for unlimited
 * @param maxMsgSize headers and payload in bytes, -1 for unlimited
 * @param discard what a full stream does
 * @param discardNewPerSubject refuse instead of dropping the oldest of a subject
 * @param storage where messages live
 * @param replicas 1 without a cluster
 * @param noAck publishes are not answered
 * @param duplicateWindowNanos how long a message id is remembered
 * @param firstSeq sequence of the first message of an empty stream, 0 for the default
 * @param compression accepted and echoed: {@code none} or {@code s2}
 * @param allowDirect whether DIRECT.GET is answered
 * @param mirrorDirect accepted and echoed
 * @param sealed nothing may change any more
 * @param denyDelete single messages cannot be deleted
 * @param denyPurge the stream cannot be purged
 * @param allowRollup whether {@code Nats-Rollup} is honoured
 * @param republish copy of stored messages to other subjects, or {@link Republish#NONE}
 * @param consumerInactiveThresholdNanos cap and default for consumers, 0 for none
 * @param consumerMaxAckPending cap and default for consumers, 0 for none
 * @param metadata free key-value pairs
 * @param durability when an acknowledgement may be sent
 * @param unclaimedAgeNanos with interest retention and no consumer: how long messages are kept (D14); 0 drops them at
 *     once, as NATS does
 * @param placement where a cluster would put it: accepted and echoed, or {@link Placement#NONE}
 */
public record StreamConfig(String name, String description, List<String> subjects, Retention retention, long maxConsumers,
                           long maxMsgs, long maxBytes, long maxMsgsPerSubject, long maxAgeNanos, int maxMsgSize,
                           Discard discard, boolean discardNewPerSubject, Storage storage, int replicas, boolean noAck,
                           long duplicateWindowNanos, long firstSeq, String compression, boolean allowDirect,
                           boolean mirrorDirect, boolean sealed, boolean denyDelete, boolean denyPurge,
                           boolean allowRollup, Republish republish, long consumerInactiveThresholdNanos,
                           long consumerMaxAckPending, Map<String, String> metadata, Durability durability,
                           long unclaimedAgeNanos, Placement placement) {

    /** Key of the metadata whose value {@code true} has what consumers give up kept as dead letters. */
    public static final String DEAD_LETTERS = "memphisee.dead-letters";

    public StreamConfig {
        Objects.requireNonNull(name, "stream name is required");
        subjects = List.copyOf(subjects);
        metadata = Map.copyOf(metadata);
    }

    /**
     * Whether this is a partition of an ack-based station: messages wait for groups that are to come, and what a group
     * gave up stays.
     */
    public boolean ackBased() {
        return retention == Retention.INTEREST && unclaimedAgeNanos > 0;
    }

    /** The same under another name with other subjects. */
    public StreamConfig withSubjects(String otherName, List<String> others) {
        return new StreamConfig(otherName, description, others, retention, maxConsumers, maxMsgs, maxBytes,
            maxMsgsPerSubject, maxAgeNanos, maxMsgSize, discard, discardNewPerSubject, storage, replicas, noAck,
            duplicateWindowNanos, firstSeq, compression, allowDirect, mirrorDirect, sealed, denyDelete, denyPurge,
            allowRollup, republish, consumerInactiveThresholdNanos, consumerMaxAckPending, metadata, durability,
            unclaimedAgeNanos, placement);
    }

    /** The same with its messages elsewhere. */
    public StreamConfig withStorage(Storage other) {
        return new StreamConfig(name, description, subjects, retention, maxConsumers, maxMsgs, maxBytes,
            maxMsgsPerSubject, maxAgeNanos, maxMsgSize, discard, discardNewPerSubject, other, replicas, noAck,
            duplicateWindowNanos, firstSeq, compression, allowDirect, mirrorDirect, sealed, denyDelete, denyPurge,
            allowRollup, republish, consumerInactiveThresholdNanos, consumerMaxAckPending, metadata, durability,
            unclaimedAgeNanos, placement);
    }

    /** The same with what a station may change while it is used: retention with its limits, window of ids, durability. */
    public StreamConfig withLimitsOf(StreamConfig other) {
        return new StreamConfig(name, description, subjects, other.retention, maxConsumers, other.maxMsgs, other.maxBytes,
            maxMsgsPerSubject, other.maxAgeNanos, maxMsgSize, discard, discardNewPerSubject, storage, replicas, noAck,
            other.duplicateWindowNanos, firstSeq, compression, allowDirect, mirrorDirect, sealed, denyDelete, denyPurge,
            allowRollup, republish, consumerInactiveThresholdNanos, consumerMaxAckPending, metadata, other.durability,
            other.unclaimedAgeNanos, placement);
    }

    /** When a stored message is removed. */
    public enum Retention { LIMITS, INTEREST, WORKQUEUE }

    /** What happens to a publish when a limit is reached. */
    public enum Discard { OLD, NEW }

    /** Where messages live. */
    public enum Storage { FILE, MEMORY }

    /** When a publish is acknowledged (P1). */
    public enum Durability {
        /** After the disk has confirmed the write. */
        ALWAYS,
        /** After the write has been handed to the operating system; synced at the configured interval. */
        INTERVAL
    }

    /**
     * Where a cluster would put the stream.
     *
     * @param cluster its name, empty for any
     * @param tags of the servers
     */
    public record Placement(String cluster, List<String> tags) {
        /** Anywhere. */
        public static final Placement NONE = new Placement("", List.of());

        public Placement {
            tags = List.copyOf(tags);
        }
    }

    /**
     * Copy of stored messages to other subjects.
     *
     * @param source pattern, empty when there is none
     * @param destination subject to publish to
     * @param headersOnly leave the payload out
     */
    public record Republish(String source, String destination, boolean headersOnly) {
        /** No republishing. */
        public static final Republish NONE = new Republish("", "", false);
    }
}

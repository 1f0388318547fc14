package org.memphisee.core.control;

import java.util.List;
import java.util.Map;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.stream.StreamConfig;

/** How new stations and groups look as streams and consumers (wire-protocol.md 4.1 to 4.3), and their names. The one place
 * that knows; of those that exist, their events know. */
public final class StationLayout {

    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** How long an ack-based station keeps messages while it has no group (D14). */
    private static final long UNCLAIMED_AGE_NANOS = 14L * 24 * 3600 * 1_000_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private StationLayout() { }

    /** The internal form of an external name: dots become {@code #}. */
    public static String internalName(String external) {
        return external.replace('.', '#');
    }

    /** The external form of an internal name. */
    public static String externalName(String internal) {
        return internal.replace('#', '.');
    }

    /** Whether a stream is one of the broker itself, which nobody is shown as a station (wire-protocol.md 3.11). */
    public static boolean internal(String streamName) {
        return streamName.startsWith("$memphis");
    }

    /** Name of a partition's stream; partition numbers start at 1. */
    public static String streamName(String station, int number) {
        return internalName(station) + "$" + number;
    }

    /** The part of a stream name that is shared by all partitions of a station; other names are returned unchanged. */
    public static String stationPart(String streamName) {
        int dollar = streamName.lastIndexOf('$');
        if (dollar <= 0 || dollar == streamName.length() - 1) {
            return streamName;
        }
        for (int i = dollar + 1; i < streamName.length(); i++) {
            if (!Character.isDigit(streamName.charAt(i))) {
                return streamName;
            }
        }
        return streamName.substring(0, dollar);
    }

    /** How the partitions of a new station look; the event keeps it, so that this may change for stations to come. */
    public static StreamConfig partitions(String station, SystemEvent.RetentionType retention, long retentionValue,
                                          StreamConfig.Storage storage, int replicas, long idempotencyWindowMillis,
                                          StreamConfig.Durability durability) {
        String name = internalName(station) + "$" + SystemEvent.StationCreated.NUMBER;
        boolean ackBased = retention == SystemEvent.RetentionType.ACK_BASED;
        return new StreamConfig(name, "", List.of(name + ".>"),
            ackBased ? StreamConfig.Retention.INTEREST : StreamConfig.Retention.LIMITS, -1,
            retention == SystemEvent.RetentionType.MESSAGES ? retentionValue : -1,
            retention == SystemEvent.RetentionType.BYTES ? retentionValue : -1, -1,
            retention == SystemEvent.RetentionType.MESSAGE_AGE_SEC ? retentionValue * NANOS_PER_SECOND : 0,
            -1, StreamConfig.Discard.OLD, false, storage, replicas, false,
            idempotencyWindowMillis * NANOS_PER_MILLI, 0, "none", false, false, false, false, false, false,
            StreamConfig.Republish.NONE, 0, 0, Map.of(), durability,
            ackBased ? UNCLAIMED_AGE_NANOS : 0, StreamConfig.Placement.NONE);
    }

    /** How the consumers of a new group look; the event keeps it, so that this may change for groups to come. */
    public static ConsumerConfig consumers(String group, long maxAckTimeMillis, int maxDeliveries, long startFromSequence,
                                           long lastMessages) {
        boolean onlyNew = lastMessages == 0 && startFromSequence <= 1;
        boolean bySequence = lastMessages > 0 || startFromSequence > 1;
        ConsumerConfig.DeliverPolicy policy = onlyNew ? ConsumerConfig.DeliverPolicy.NEW
            : bySequence ? ConsumerConfig.DeliverPolicy.BY_START_SEQUENCE : ConsumerConfig.DeliverPolicy.ALL;
        return new ConsumerConfig(internalName(group), true, "", policy, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, maxAckTimeMillis * NANOS_PER_MILLI, maxDeliveries,
            List.of(), List.of(SystemEvent.GroupDefined.STREAM + ".final"), true, false, 0, 0, 512, -1, 0, false, false,
            0, 0, 0, "", "", 0, 0, false, Map.of());
    }

    /** The same consumer with the group's changed limits. */
    static ConsumerConfig withLimits(ConsumerConfig c, long maxAckTimeMillis, int maxDeliveries) {
        return new ConsumerConfig(c.name(), c.durable(), c.description(), c.deliverPolicy(), c.optStartSeq(),
            c.optStartTimeNanos(), c.ackPolicy(), maxAckTimeMillis * NANOS_PER_MILLI, maxDeliveries, c.backoffNanos(),
            c.filterSubjects(), c.singleFilter(), c.replayOriginal(), c.rateLimitBps(), c.sampleFreq(), c.maxWaiting(),
            c.maxAckPending(), c.idleHeartbeatNanos(), c.flowControl(), c.headersOnly(), c.maxBatch(),
            c.maxExpiresNanos(), c.maxBytes(), c.deliverSubject(), c.deliverGroup(), c.inactiveThresholdNanos(),
            c.replicas(), c.memoryStorage(), c.metadata());
    }
}

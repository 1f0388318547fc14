package org.memphisee.core.control;

import java.util.List;
import java.util.Map;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.station.StreamConfig;

/** How stations and groups look as streams and consumers (wire-protocol.md 4.1 to 4.3). The one place that knows. */
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

    /** The stream of one partition. */
    public static StreamConfig stream(SystemEvent.StationCreated station, int number) {
        String name = streamName(station.name(), number);
        boolean ackBased = station.retentionType() == SystemEvent.RetentionType.ACK_BASED;
        return new StreamConfig(name, "", List.of(name + ".>"),
            ackBased ? StreamConfig.Retention.INTEREST : StreamConfig.Retention.LIMITS, -1,
            limit(station, SystemEvent.RetentionType.MESSAGES), limit(station, SystemEvent.RetentionType.BYTES), -1,
            station.retentionType() == SystemEvent.RetentionType.MESSAGE_AGE_SEC
                ? station.retentionValue() * NANOS_PER_SECOND : 0,
            -1, StreamConfig.Discard.OLD, false, station.storage(), station.replicas(), false,
            station.idempotencyWindowMillis() * NANOS_PER_MILLI, 0, "none", false, false, false, false, false, false,
            StreamConfig.Republish.NONE, 0, 0, Map.of(), StreamConfig.Durability.ALWAYS,
            ackBased ? UNCLAIMED_AGE_NANOS : 0, StreamConfig.Placement.NONE);
    }

    private static long limit(SystemEvent.StationCreated station, SystemEvent.RetentionType type) {
        return station.retentionType() == type ? station.retentionValue() : -1;
    }

    /** The consumer of a group on one stream that begins at the sequence. */
    public static ConsumerConfig consumer(SystemEvent.GroupDefined group, String streamName, long startSequence) {
        boolean onlyNew = group.lastMessages() == 0 && group.startFromSequence() <= 1;
        boolean bySequence = group.lastMessages() > 0 || group.startFromSequence() > 1;
        ConsumerConfig.DeliverPolicy policy = onlyNew ? ConsumerConfig.DeliverPolicy.NEW
            : bySequence ? ConsumerConfig.DeliverPolicy.BY_START_SEQUENCE : ConsumerConfig.DeliverPolicy.ALL;
        return new ConsumerConfig(internalName(group.name()), true, "", policy, bySequence ? startSequence : 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, group.maxAckTimeMillis() * NANOS_PER_MILLI, group.maxDeliveries(),
            List.of(), List.of(streamName + ".final"), true, false, 0, 0, 512, -1, 0, false, false, 0, 0, 0, "", "", 0,
            0, false, Map.of());
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

package org.memphisee.core.stations;

import java.util.List;

import org.memphisee.core.control.SystemEvent.RetentionType;
import org.memphisee.core.stream.StreamConfig.Durability;
import org.memphisee.core.stream.StreamConfig.Storage;

/**
 * What is asked of a new station, checked and completed (wire-protocol.md 3.2, features.md 1).
 *
 * @param name external name
 * @param retentionType how messages leave
 * @param retentionValue seconds, messages or bytes
 * @param storage where messages live
 * @param replicas copies
 * @param windowMillis idempotency window, milliseconds
 * @param partitions number of partitions
 * @param dlsPoison dead-letter messages that ran out of deliveries
 * @param dlsSchemaverse dead-letter messages that fail their schema
 * @param dlsStation external name of the dead-letter station, empty for none
 * @param tieredStorage whether removed messages are wanted in tiered storage
 * @param durability when a publish is acknowledged
 * @param tags tags for people
 */
public record StationRequest(String name, RetentionType retentionType, long retentionValue, Storage storage,
                             int replicas, long windowMillis, int partitions, boolean dlsPoison, boolean dlsSchemaverse,
                             String dlsStation, boolean tieredStorage, Durability durability, List<Tag> tags) {

    private static final long DEFAULT_RETENTION_SECONDS = 3600;
    private static final long DEFAULT_WINDOW_MILLIS = 120_000;
    private static final long MIN_WINDOW_MILLIS = 100;
    private static final long MAX_WINDOW_MILLIS = 86_400_000;
    /** As many seconds as nanoseconds can express. */
    static final long MAX_RETENTION_SECONDS = Long.MAX_VALUE / 1_000_000_000L;

    /** One that is acknowledged when it is on the disk. */
    public StationRequest(String name, RetentionType retentionType, long retentionValue, Storage storage, int replicas,
                          long windowMillis, int partitions, boolean dlsPoison, boolean dlsSchemaverse, String dlsStation,
                          boolean tieredStorage, List<Tag> tags) {
        this(name, retentionType, retentionValue, storage, replicas, windowMillis, partitions, dlsPoison, dlsSchemaverse,
            dlsStation, tieredStorage, Durability.ALWAYS, tags);
    }

    /** The same on a node that is alone. */
    public static StationRequest defaults(String name) {
        return defaults(name, 1);
    }

    /**
     * The station that producers and consumers get when they name an unknown one (features.md 1.8).
     *
     * @param replicas copies
     */
    public static StationRequest defaults(String name, int replicas) {
        return new StationRequest(name, RetentionType.MESSAGE_AGE_SEC, DEFAULT_RETENTION_SECONDS, Storage.FILE, replicas,
            DEFAULT_WINDOW_MILLIS, 1, true, true, "", false, Durability.ALWAYS, List.of(Tag.DEFAULT));
    }

    /** Checks and completes what somebody ordered; a {@link RequestRefusal} has the text for them. */
    public static StationRequest of(StationOrder order, int maxPartitions) {
        String name = StationNames.external(StationNames.Kind.STATION, order.name());
        RetentionType type = retentionType(order.retentionType());
        long value = order.retentionValue();
        if (type == RetentionType.ACK_BASED) {
            value = 0;
        } else if (value <= 0) {
            type = RetentionType.MESSAGE_AGE_SEC;
            value = DEFAULT_RETENTION_SECONDS;
        } else if (type == RetentionType.MESSAGE_AGE_SEC) {
            value = Math.min(value, MAX_RETENTION_SECONDS);
        }
        return new StationRequest(name, type, value, storage(order.storageType()), replicas(order.replicas()),
            window(order.windowMillis(), type, value), partitions(order.partitions(), maxPartitions, name),
            order.dlsPoison(), order.dlsSchemaverse(),
            order.dlsStation().isEmpty() ? "" : StationNames.external(StationNames.Kind.STATION, order.dlsStation()),
            order.tieredStorage(), durability(order.durability()), order.tags());
    }

    /** What its partitions reserve in memory with their limits, in bytes. */
    long reservedMemory() {
        return storage == Storage.MEMORY && retentionType == RetentionType.BYTES
            ? Math.multiplyExact(Math.min(retentionValue, Long.MAX_VALUE / partitions), partitions) : 0;
    }

    static Durability durability(String given) {
        return switch (given) {
            case "", "fsync" -> Durability.ALWAYS;
            case "interval" -> Durability.INTERVAL;
            default -> throw new RequestRefusal("durability can be one of the following fsync/interval");
        };
    }

    static RetentionType retentionType(String given) {
        return switch (given) {
            case "", "message_age_sec" -> RetentionType.MESSAGE_AGE_SEC;
            case "messages" -> RetentionType.MESSAGES;
            case "bytes" -> RetentionType.BYTES;
            case "ack_based" -> RetentionType.ACK_BASED;
            default -> throw new RequestRefusal(
                "retention type can be one of the following message_age_sec/messages/bytes/ack_based");
        };
    }

    private static Storage storage(String given) {
        return switch (given) {
            case "", "file" -> Storage.FILE;
            case "memory" -> Storage.MEMORY;
            default -> throw new RequestRefusal("storage type can be one of the following file/memory");
        };
    }

    private static int replicas(long asked) {
        return asked <= 1 ? 1 : asked < 5 ? 3 : 5;
    }

    static long window(long asked, RetentionType type, long retention) {
        boolean byAge = type == RetentionType.MESSAGE_AGE_SEC;
        long ageMillis = byAge ? Math.min(retention, MAX_WINDOW_MILLIS) * 1000 : Long.MAX_VALUE;
        if (asked <= 0) {
            return Math.min(DEFAULT_WINDOW_MILLIS, ageMillis);
        }
        if (asked > MAX_WINDOW_MILLIS) {
            throw new RequestRefusal("idempotency window can not exceed 24 hours");
        }
        long window = Math.max(MIN_WINDOW_MILLIS, asked);
        if (window > ageMillis) {
            throw new RequestRefusal("idempotency window cannot be greater than the station retention");
        }
        return window;
    }

    private static int partitions(long asked, int max, String name) {
        if (asked < 1 || asked > max) {
            throw new RequestRefusal("cannot create station with " + asked + " partitions (max:" + max + " min:1): Station " + name);
        }
        return (int) asked;
    }
}

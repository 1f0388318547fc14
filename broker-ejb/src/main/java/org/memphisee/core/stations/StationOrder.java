package org.memphisee.core.stations;

import java.util.List;
import java.util.Objects;

/**
 * A station as somebody asks for it, not yet checked (management-api.md M-025, wire-protocol.md 3.2). Texts are empty
 * and numbers 0 where nothing was said.
 *
 * @param name name in any case
 * @param retentionType {@code message_age_sec}, {@code messages}, {@code bytes} or {@code ack_based}
 * @param retentionValue seconds, messages or bytes
 * @param storageType {@code file} or {@code memory}
 * @param replicas copies of each message
 * @param partitions number of partitions
 * @param windowMillis idempotency window, milliseconds
 * @param dlsPoison dead-letter messages that ran out of deliveries
 * @param dlsSchemaverse dead-letter messages that fail their schema
 * @param dlsStation station that gets copies of dead letters
 * @param tieredStorage whether removed messages are wanted in tiered storage
 * @param durability {@code fsync} or {@code interval}
 * @param tags tags for people
 */
public record StationOrder(String name, String retentionType, long retentionValue, String storageType, long replicas,
                           long partitions, long windowMillis, boolean dlsPoison, boolean dlsSchemaverse,
                           String dlsStation, boolean tieredStorage, String durability, List<Tag> tags) {
    public StationOrder {
        Objects.requireNonNull(name, "name is required");
        tags = List.copyOf(tags);
    }

    /** One that says nothing of durability. */
    public StationOrder(String name, String retentionType, long retentionValue, String storageType, long replicas,
                        long partitions, long windowMillis, boolean dlsPoison, boolean dlsSchemaverse, String dlsStation,
                        boolean tieredStorage, List<Tag> tags) {
        this(name, retentionType, retentionValue, storageType, replicas, partitions, windowMillis, dlsPoison,
            dlsSchemaverse, dlsStation, tieredStorage, "", tags);
    }
}

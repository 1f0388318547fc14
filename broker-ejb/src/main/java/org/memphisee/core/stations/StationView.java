package org.memphisee.core.stations;

import java.util.List;

import org.memphisee.core.stream.StreamConfig.Durability;
import org.memphisee.core.stream.StreamConfig.Storage;

/**
 * A station as people look at it, native or a plain client's stream (wire-protocol.md 4.8). One moment's figures.
 *
 * @param id its number
 * @param name external name
 * @param nativeStation whether it was made as a station
 * @param retention how messages leave
 * @param storage where messages live
 * @param replicas copies of each message
 * @param windowMillis idempotency window, milliseconds
 * @param dlsPoison whether messages that ran out of deliveries are dead-lettered
 * @param dlsSchemaverse whether messages that fail their schema are
 * @param dlsStation station that gets copies of dead letters, empty for none
 * @param tieredStorage whether removed messages are wanted in tiered storage
 * @param durability when a publish is acknowledged
 * @param createdBy user who made it
 * @param createdNanos when, nanoseconds since the epoch
 * @param version format of the station; 0 for streams of plain clients
 * @param tags tags for people
 * @param partitions partition numbers; empty for streams of plain clients
 * @param streams names of the partitions' streams
 * @param messages messages stored
 * @param bytes accounted bytes stored
 * @param active whether a producer or consumer is connected
 * @param deadLetters how many dead letters it has
 */
public record StationView(long id, String name, boolean nativeStation, StationRetention retention,
                          Storage storage, int replicas, long windowMillis, boolean dlsPoison, boolean dlsSchemaverse,
                          String dlsStation, boolean tieredStorage, Durability durability, String createdBy, long createdNanos, int version,
                          List<Tag> tags, List<Integer> partitions, List<String> streams, long messages, long bytes,
                          boolean active, DeadLetterCounts deadLetters) {

    /** One without dead letters. */
    public StationView(long id, String name, boolean nativeStation, StationRetention retention, Storage storage, int replicas,
                       long windowMillis, boolean dlsPoison, boolean dlsSchemaverse, String dlsStation, boolean tieredStorage,
                       Durability durability, String createdBy, long createdNanos, int version, List<Tag> tags, List<Integer> partitions,
                       List<String> streams, long messages, long bytes, boolean active) {
        this(id, name, nativeStation, retention, storage, replicas, windowMillis, dlsPoison, dlsSchemaverse, dlsStation, tieredStorage,
            durability, createdBy, createdNanos, version, tags, partitions, streams, messages, bytes, active, DeadLetterCounts.NONE);
    }

    public StationView {
        tags = List.copyOf(tags);
        partitions = List.copyOf(partitions);
        streams = List.copyOf(streams);
    }
}

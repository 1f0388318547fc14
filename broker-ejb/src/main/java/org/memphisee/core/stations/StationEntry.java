package org.memphisee.core.stations;

import java.util.List;

import org.memphisee.core.stream.StreamConfig.Storage;

/**
 * A station as it is listed: what can be said of it without looking at its partitions.
 *
 * @param name external name; a plain client's stream keeps its own
 * @param nativeStation whether it has numbered partitions
 * @param streams names of its partitions' streams
 * @param retention how messages leave
 * @param storage where messages live
 * @param createdBy user, empty when unknown
 * @param createdNanos when, nanoseconds since the epoch
 */
public record StationEntry(String name, boolean nativeStation, List<String> streams, StationRetention retention,
                           Storage storage, String createdBy, long createdNanos) {
    public StationEntry {
        streams = List.copyOf(streams);
    }
}

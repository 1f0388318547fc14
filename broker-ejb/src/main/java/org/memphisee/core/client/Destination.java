package org.memphisee.core.client;

import java.util.Objects;

/**
 * Where a message goes and who is shown as its producer.
 *
 * @param station external name in any case
 * @param producer producer's name in any case
 * @param partition which partition
 */
public record Destination(String station, String producer, PartitionChoice partition) {
    public Destination {
        Objects.requireNonNull(station, "station is required");
        Objects.requireNonNull(producer, "producer is required");
        Objects.requireNonNull(partition, "partition is required");
    }
}

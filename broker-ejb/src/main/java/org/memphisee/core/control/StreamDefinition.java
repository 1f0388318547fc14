package org.memphisee.core.control;

import org.memphisee.core.cluster.Placement;
import org.memphisee.core.stream.StreamConfig;

/**
 * A stream as defined.
 *
 * @param partitionId its number
 * @param config its configuration
 * @param createdNanos when it was created, nanoseconds since the epoch
 * @param createdBy user who made it
 * @param stationId native station it belongs to, 0 for none
 * @param number partition number inside its station, from 1; 0 for none
 * @param placement the replication group that has it, {@link Placement#ALONE} for none
 */
public record StreamDefinition(long partitionId, StreamConfig config, long createdNanos, String createdBy,
                               long stationId, int number, long placement) {

    /** Whether it is a partition of a native station. */
    public boolean owned() {
        return stationId != 0;
    }

    /** Its name. */
    public String name() {
        return config.name();
    }

    StreamDefinition with(StreamConfig changed) {
        return new StreamDefinition(partitionId, changed, createdNanos, createdBy, stationId, number, placement);
    }
}

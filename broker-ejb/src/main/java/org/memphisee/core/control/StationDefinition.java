package org.memphisee.core.control;

import java.util.List;

/**
 * A native station as defined.
 *
 * @param created how it was made
 * @param livePartitions its partitions that still have a stream; all of them unless somebody deleted single streams
 */
public record StationDefinition(SystemEvent.StationCreated created, List<Long> livePartitions) {
    public StationDefinition {
        livePartitions = List.copyOf(livePartitions);
    }

    /** Its number. */
    public long id() {
        return created.id();
    }

    /** External name. */
    public String name() {
        return created.name();
    }
}

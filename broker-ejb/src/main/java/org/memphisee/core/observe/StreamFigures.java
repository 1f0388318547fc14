package org.memphisee.core.observe;

import java.util.List;

import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.stream.StreamConfig;

/**
 * One stream with its consumers as monitors show it.
 *
 * @param id number of its partition
 * @param config its configuration
 * @param createdNanos when it was created, nanoseconds since the epoch
 * @param state its figures
 * @param consumers its consumers, by name
 */
public record StreamFigures(long id, StreamConfig config, long createdNanos, StreamState state,
                            List<ConsumerInfo> consumers) {
    public StreamFigures {
        consumers = List.copyOf(consumers);
    }

    /** Its name. */
    public String name() {
        return config.name();
    }
}

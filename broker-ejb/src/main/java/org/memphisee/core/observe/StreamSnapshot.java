package org.memphisee.core.observe;

import java.util.List;
import java.util.Optional;

/**
 * All streams at about one moment. Immutable.
 *
 * @param takenNanos when it was complete, by the monotonic clock
 * @param streams all of them, by name
 */
public record StreamSnapshot(long takenNanos, List<StreamFigures> streams) {
    public StreamSnapshot {
        streams = List.copyOf(streams);
    }

    /** By exact name. */
    public Optional<StreamFigures> stream(String name) {
        return streams.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** Consumers of all streams. */
    public long consumers() {
        return streams.stream().mapToLong(s -> s.consumers().size()).sum();
    }

    /** Messages of all streams. */
    public long messages() {
        return streams.stream().mapToLong(StreamFigures::messages).sum();
    }

    /** Accounted bytes of all streams. */
    public long bytes() {
        return streams.stream().mapToLong(StreamFigures::bytes).sum();
    }
}

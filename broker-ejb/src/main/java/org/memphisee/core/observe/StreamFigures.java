package org.memphisee.core.observe;

import java.util.List;
import java.util.Map;

import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.partition.PartitionLife;
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

    private static final StreamState NOTHING = new StreamState(0, 0, 0, 0, 0, 0, 0, 0, 0, PartitionLife.SERVING);

    public StreamFigures {
        consumers = List.copyOf(consumers);
    }

    /**
     * A stream that is not there, as if it were and nothing had ever been stored in it.
     *
     * @param createdNanos when it says it was created, nanoseconds since the epoch
     */
    public static StreamFigures empty(String name, long createdNanos) {
        return new StreamFigures(0, new StreamConfig(name, "", List.of(name + ".>"), StreamConfig.Retention.LIMITS, -1, -1,
            -1, -1, 0, -1, StreamConfig.Discard.OLD, false, StreamConfig.Storage.FILE, 1, false, 0, 0, "none", false, false,
            false, false, false, false, StreamConfig.Republish.NONE, 0, 0, Map.of(), StreamConfig.Durability.ALWAYS, 0,
            StreamConfig.Placement.NONE), createdNanos, NOTHING, List.of());
    }

    /** The same with so many messages: what something else than a stream has. */
    public StreamFigures holding(long messages) {
        return new StreamFigures(id, config, createdNanos, new StreamState(messages, 0, 0, 0, 0, 0, 0, 0, 0, state.life()), consumers);
    }

    /** The same with some of its consumers. */
    public StreamFigures with(List<ConsumerInfo> some) {
        return new StreamFigures(id, config, createdNanos, state, some);
    }

    /** Its name. */
    public String name() {
        return config.name();
    }

    /** Messages stored. */
    public long messages() {
        return state.messages();
    }

    /** Accounted bytes stored. */
    public long bytes() {
        return state.bytes();
    }

    /** First stored sequence; last + 1 when empty but used, 0 when never used. */
    public long firstSequence() {
        return state.firstSeq();
    }

    /** Last sequence ever given. */
    public long lastSequence() {
        return state.lastSeq();
    }

    /** How many consumers it has, shown here or not. */
    public int consumerCount() {
        return state.consumerCount();
    }
}

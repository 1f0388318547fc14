package org.memphisee.core.partition;

import java.util.Optional;

import org.memphisee.core.cluster.Placement;
import org.memphisee.core.stream.StreamConfig;

/**
 * The partitions of this node as the control plane manages them. Changes come from the control loop only; look-ups
 * from any thread. A change takes effect for clients before the call's {@code done} runs (on the shard's thread).
 */
public interface PartitionRegistry {

    /**
     * Creates an empty partition, or recovers it from the store, and makes its subjects known to the router.
     *
     * @param id its number
     * @param group replication group that has it, {@link Placement#ALONE} for none; decides the shard
     * @param station number of the station with several partitions that it belongs to: a message id is stored once in all of
     *     them that name the same; 0 for none
     * @param createdNanos when it was created, nanoseconds since the epoch
     */
    PartitionHandle create(long id, long group, long station, long createdNanos, StreamConfig config, Runnable done);

    /** Changes the configuration; lowered limits apply at once. */
    void update(long id, StreamConfig config, Runnable done);

    /**
     * The station of a partition gets more of them: a message id is stored once in all of them from then on, also one that this
     * partition knows already.
     *
     * @param station the station's number
     * @param done told when all that it knows is known to all, or nothing is to be known of it any more
     */
    void share(long id, long station, Runnable done);

    /** Removes the partition with its messages, cursors and consumers. */
    void remove(long id, Runnable done);

    /** Bytes that stations in memory occupy. Any thread. */
    default long memoryUsed() {
        return 0;
    }

    /** By exact stream name. */
    Optional<PartitionHandle> byName(String streamName);
}

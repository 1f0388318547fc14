package org.memphisee.core.partition;

import java.util.Optional;
import java.util.Set;

import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.cluster.Placement;
import org.memphisee.core.stream.StreamConfig;

/**
 * The partitions of this node as the control plane manages them. Changes come from the control loop only; look-ups
 * from any thread. A change takes effect for clients before the call's {@code done} runs (on the shard's thread).
 */
public interface PartitionRegistry {

    /** The replication groups that there are from now on; before the first partition of any of them. See {@link GroupHomes#groups}. */
    default void groups(GroupMap groups, boolean formed) { }

    /**
     * Runs something when the nodes that decide about partitions have what an event says of them, or have not said so for some seconds.
     * Control loop or a shard's thread; what is run may be so on any thread, at once where these partitions are decided here.
     *
     * @param event index of the event
     */
    default void whenThere(Set<Long> partitions, long event, Runnable then) {
        then.run();
    }

    /**
     * Creates an empty partition, or recovers it from the store, and makes its subjects known to the router. One that other nodes have
     * is only made known.
     *
     * @param id its number
     * @param group replication group that has it, {@link Placement#ALONE} for none; decides the shard
     * @param station number of the station with several partitions that it belongs to: a message id is stored once in all of
     *     them that name the same; 0 for none
     * @param createdNanos when it was created, nanoseconds since the epoch
     */
    void create(long id, long group, long station, long createdNanos, StreamConfig config, Runnable done);

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

    /**
     * Begins to store what a partition will consist of that nobody knows yet; {@link #create} makes it known. Any thread.
     *
     * @param id a number never used before
     */
    PartitionImport importing(long id);

    /** Bytes that stations in memory occupy. Any thread. */
    default long memoryUsed() {
        return 0;
    }

    /** A partition that is here, also one that is only copied, by exact stream name. */
    Optional<PartitionHandle> byName(String streamName);

    /** A partition wherever it is, by exact stream name. */
    default Optional<KnownPartition> known(String streamName) {
        return byName(streamName).map(here -> here);
    }

    /** A partition wherever it is, by its number. */
    default Optional<KnownPartition> known(long id) {
        return Optional.empty();
    }

    /** Through which a stream's partition is defined, wherever it is; empty when there is none. */
    default Optional<PartitionDefiner> definer(String streamName) {
        return byName(streamName).map(handle -> how -> handle.run(how::accept));
    }
}

package org.memphisee.core.cluster;

import java.util.Collections;
import java.util.List;

/**
 * Which shard of this node has a partition. All partitions of a replication group are on one shard, so that what they write
 * in a turn is one entry; those of no group are spread by their number. Shards are not stored: whoever starts with another
 * number of them finds partitions elsewhere, and that is all. Immutable, any thread.
 *
 * @param shards how many the node has, at least 1
 */
public record Placement(int shards) {

    /** The group of partitions that are on this node alone and not replicated. Part of stored formats. */
    public static final long ALONE = 0;

    public Placement {
        if (shards < 1) {
            throw new IllegalArgumentException("a node has at least one shard, not " + shards);
        }
    }

    /** So many partitions, each on this node alone. */
    public static List<Long> alone(int partitions) {
        return Collections.nCopies(partitions, ALONE);
    }

    /**
     * The shard of a partition, from 0.
     *
     * @param partition its number, never negative
     * @param group the replication group that has it, or {@link #ALONE}
     */
    public int shard(long partition, long group) {
        if (partition < 0 || group < 0) {
            throw new IllegalArgumentException("partition " + partition + " of group " + group);
        }
        return (int) ((group == ALONE ? partition : group) % shards);
    }
}

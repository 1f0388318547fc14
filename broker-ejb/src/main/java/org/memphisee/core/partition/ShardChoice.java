package org.memphisee.core.partition;

import java.util.List;

import org.memphisee.core.partition.log.ShardResources;

/**
 * Which shard of this node is given a partition, or a replication group with all its partitions: the one that has the fewest, of
 * these the first. Nothing of it is stored: a start chooses anew. Thread-safe.
 */
public final class ShardChoice {

    private final List<ShardResources> shards;
    private final int[] used;

    /** A choice of these, at least one, none of which is used. */
    public ShardChoice(List<ShardResources> shards) {
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("a node has at least one shard");
        }
        this.shards = List.copyOf(shards);
        this.used = new int[shards.size()];
    }

    /** The shard of one more. */
    public synchronized ShardResources take() {
        int least = 0;
        for (int i = 1; i < used.length; i++) {
            if (used[i] < used[least]) {
                least = i;
            }
        }
        used[least]++;
        return shards.get(least);
    }

    /** One that was given this shard is no more. */
    public synchronized void release(ShardResources shard) {
        used[shards.indexOf(shard)]--;
    }
}

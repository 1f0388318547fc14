package org.memphisee.core.partition;

import java.util.List;

import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.partition.log.ShardResources;

/**
 * Has the store forget a partition that was removed, with its dead letters. With a full disk it asks again until that is done: what the partition
 * occupies is what the disk lacks. Shard's thread only.
 */
final class StoredDrop implements Proposal.Ending {

    private static final long AGAIN_NANOS = 1_000_000_000L;

    private final long partition;
    private final ShardResources resources;
    private Runnable done = () -> { };

    StoredDrop(long partition, ShardResources resources) {
        this.partition = partition;
        this.resources = resources;
    }

    /** Hands it over, behind everything written before; {@code whenDone} is told once, also when it is to be repeated. */
    void submit(Runnable whenDone) {
        done = whenDone;
        resources.group().propose(new Proposal(List.of(new StoreChange.DropPartition(partition),
            new StoreChange.DropPartition(LetterRules.partition(partition))), false, 0, this));
    }

    @Override
    public void ended(WriteOutcome outcome) {
        resources.shard().execute(() -> {
            if (outcome instanceof WriteOutcome.Refused) {
                resources.shard().set(new ShardTimer(() -> submit(() -> { })),
                    resources.shard().clock().nowNanos() + AGAIN_NANOS);
            }
            // after a failure leftovers are removed at the next start: the system log no longer names the partition
            done.run();
        });
    }
}

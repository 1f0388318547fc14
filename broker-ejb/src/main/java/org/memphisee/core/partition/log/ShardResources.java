package org.memphisee.core.partition.log;

import java.util.function.LongSupplier;

import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.append.Shard;
import org.memphisee.core.cluster.ReplicationGroup;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.tier.TierRules;
import org.memphisee.core.time.Timings;
import org.memphisee.core.wire.PullRequest;

/**
 * What the partitions of one shard share.
 *
 * @param shard their thread
 * @param group makes durable what they decide
 * @param cache records in memory
 * @param index memory for message ids and subjects, shared by all shards
 * @param loader reads records that are not
 * @param guard whether there is room to store
 * @param publisher for what the broker publishes itself
 * @param inboxes finds listeners
 * @param random random numbers, seeded in simulations
 * @param cursorIntervalNanos after this time at the latest a changed cursor is durable (D20)
 * @param housekeeper told of consumers that want to be removed
 * @param relaxed acknowledge before the sync, whatever the stream says (server-wide durability {@code interval})
 * @param timings where is recorded how long things take
 * @param letters what dead-letter logs share, those of all shards
 * @param tier which partitions wait for the second tier
 */
public record ShardResources(Shard shard, ReplicationGroup group, BatchCache cache, IndexBudget index,
                             BatchLoader loader, StorageGuard guard, InternalPublisher publisher, Inboxes inboxes, LongSupplier random,
                             long cursorIntervalNanos, Housekeeper housekeeper, boolean relaxed, Timings timings,
                             LetterRules letters, TierRules tier) {

    /** With the defaults for dead letters. */
    public ShardResources(Shard shard, ReplicationGroup group, BatchCache cache, IndexBudget index, BatchLoader loader,
                          StorageGuard guard, InternalPublisher publisher, Inboxes inboxes, LongSupplier random,
                          long cursorIntervalNanos, Housekeeper housekeeper, boolean relaxed, Timings timings) {
        this(shard, group, cache, index, loader, guard, publisher, inboxes, random, cursorIntervalNanos, housekeeper, relaxed,
            timings, new LetterRules());
    }

    /** Without a second tier. */
    public ShardResources(Shard shard, ReplicationGroup group, BatchCache cache, IndexBudget index, BatchLoader loader,
                          StorageGuard guard, InternalPublisher publisher, Inboxes inboxes, LongSupplier random,
                          long cursorIntervalNanos, Housekeeper housekeeper, boolean relaxed, Timings timings, LetterRules letters) {
        this(shard, group, cache, index, loader, guard, publisher, inboxes, random, cursorIntervalNanos, housekeeper, relaxed,
            timings, letters, new TierRules());
    }

    /** The same for partitions that another group makes durable. */
    public ShardResources with(ReplicationGroup other) {
        return new ShardResources(shard, other, cache, index, loader, guard, publisher, inboxes, random, cursorIntervalNanos,
            housekeeper, relaxed, timings, letters, tier);
    }

    /** The same with records read in another way. */
    public ShardResources with(BatchLoader other) {
        return new ShardResources(shard, group, cache, index, other, guard, publisher, inboxes, random, cursorIntervalNanos,
            housekeeper, relaxed, timings, letters, tier);
    }

    /** Finds who listens on a subject. */
    public interface Inboxes {

        /** The inbox for a subject; only members of the queue group count when one is given. */
        Inbox inbox(String subject, String queueGroup);

        /** Tells, on the shard, when somebody comes to or leaves the subject, until closed. */
        AutoCloseable watch(String subject, Shard shard, Runnable changed);

        /**
         * Has the broker that serves a partition from now on serve what is left of a request for messages of a consumer. False
         * when there is no other broker, or when the request came from one, which asks the next by itself: it is to be told that
         * it ends.
         */
        default boolean handOn(long partition, byte[] consumer, PullRequest rest) {
            return false;
        }

        /**
         * Has the broker that serves a partition from now on take an acknowledgement, and answer it, which this one took and has
         * not made durable. Nothing when there is no other broker: its client asks again.
         */
        default void acknowledge(long partition, byte[] subject, byte[] payload, String reply) { }
    }

    /** Does what a shard cannot do itself because it changes definitions. Any thread. */
    public interface Housekeeper {

        /** A consumer was idle for longer than its threshold. */
        void removeInactiveConsumer(long partition, String consumer);
    }
}

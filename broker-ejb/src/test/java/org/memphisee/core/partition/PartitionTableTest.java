package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Timings;
import org.memphisee.store.memory.MemoryLogStore;

class PartitionTableTest {

    private final MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private final LogWriter writer = new LogWriter(store, BrokerClock.SYSTEM, 1_000_000_000L);
    private final List<ShardResources> shards = IntStream.range(0, 3).mapToObj(this::resources).toList();
    private final PartitionTable table = new PartitionTable(shards, store, new IgnoringListener());

    @Test
    void shouldPutWhatIsOnThisNodeAloneOnTheShardOfItsNumber() {
        for (long id = 1; id <= 9; id++) {
            assertEquals(id % 3, shardOf(id, 0));
        }
    }

    @Test
    void shouldPutAllPartitionsOfAGroupOnTheShardOfTheGroup() {
        for (long id = 1; id <= 9; id++) {
            assertEquals(2, shardOf(id, 5));
        }
        assertEquals(0, shardOf(10, 6));
    }

    private int shardOf(long id, long group) {
        boolean[] done = new boolean[1];
        PartitionHandle handle = table.create(id, group, 0, 0, PartitionFixture.config(c -> c), () -> done[0] = true);
        int number = ((Partition) handle).resources().shard().number();
        shards.get(number).shard().turn();
        assertTrue(done[0], "created by the thread that it was given to");
        return number;
    }

    private ShardResources resources(int number) {
        Shard shard = new Shard(number, BrokerClock.SYSTEM, () -> { }, (s, e) -> {
            throw new AssertionError(e);
        }, 1 << 20);
        return new ShardResources(shard, new SoloGroup(shard, writer, 0), new BatchCache(1 << 20),
            new IndexBudget(16 << 20, 1 << 20), new BatchLoader(store, Runnable::run), new StorageGuard(),
            (subject, header, payload) -> { }, new Inboxes(), () -> 7, 1_000_000, (p, c) -> { }, false, new Timings());
    }

    private static final class Inboxes implements ShardResources.Inboxes {
        @Override
        public Inbox inbox(String subject, String queueGroup) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public AutoCloseable watch(String subject, Shard of, Runnable changed) {
            return () -> { };
        }
    }
}

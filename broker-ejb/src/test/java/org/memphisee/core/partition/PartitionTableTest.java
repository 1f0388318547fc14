package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.cluster.Placement;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Timings;
import org.memphisee.store.memory.MemoryLogStore;

class PartitionTableTest {

    private final MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private final LogWriter writer = new LogWriter(store, BrokerClock.SYSTEM, 1_000_000_000L);
    private final List<ShardResources> shards = IntStream.range(0, 3).mapToObj(this::resources).toList();
    private final List<String> told = new ArrayList<>();
    private final PartitionTable table = new PartitionTable(shards, store, new IgnoringListener() {
        @Override
        public void elsewhere(long id, StreamConfig config) {
            told.add("elsewhere " + id);
        }

        @Override
        public void gone(long id) {
            told.add("gone " + id);
        }
    });

    /** Numbers are given to stations too: theirs may have every second, or third. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 6})
    void shouldSpreadPartitionsOverAllShardsWhateverTheirNumbers(long step) {
        for (int i = 0; i < 9; i++) {
            assertEquals(i % 3, shardOf(7 + i * step, i % 2 == 0 ? Placement.ALONE : 5));
        }
    }

    @Test
    void shouldGiveANewPartitionTheShardThatLostOne() {
        for (int id = 1; id <= 6; id++) {
            shardOf(id, Placement.ALONE);
        }
        table.remove(2, () -> { });
        assertEquals(1, shardOf(7, Placement.ALONE));
        assertEquals(0, shardOf(8, Placement.ALONE));
    }

    @Test
    void shouldHaveNoObjectForWhatOtherNodesHaveAndMakeItKnown() {
        table.homes(new Homes());
        boolean[] done = new boolean[2];
        table.create(7, Homes.OTHERS, 0, 0, PartitionFixture.config(c -> c), () -> done[0] = true);
        assertTrue(done[0]);
        String name = PartitionFixture.config(c -> c).name();
        assertEquals(Optional.empty(), table.byName(name));
        assertEquals(List.of(), List.copyOf(table.all()));
        assertNull(table.here(7));
        assertEquals(List.of("elsewhere 7"), told);
        table.definer(name).orElseThrow().define(partition -> {
            partition.opened();
            partition.addConsumer(9, null, 0, 1, () -> done[1] = true);
            assertEquals(Optional.empty(), partition.operations());
        });
        assertTrue(done[1]);
        table.update(7, PartitionFixture.config(c -> c), () -> told.add("updated"));
        table.remove(7, () -> told.add("removed"));
        assertEquals(List.of("elsewhere 7", "elsewhere 7", "updated", "gone 7", "removed"), told);
        assertEquals(Optional.empty(), table.definer(name));
    }

    /** One group is at other nodes. */
    private static final class Homes implements GroupHomes {
        private static final long OTHERS = 8;

        @Override
        public void groups(GroupMap groups, boolean formed) { }

        @Override
        public void handsOver(long event) { }

        @Override
        public void handedOver(long event) { }

        @Override
        public void whenThere(Set<Long> partitions, long event, Runnable then) {
            then.run();
        }

        @Override
        public boolean here(long group) {
            return group != OTHERS;
        }

        @Override
        public Optional<GroupPartitions> member(long group) {
            return Optional.empty();
        }

        @Override
        public void placed(long partition, long group) { }

        @Override
        public void removed(long partition) { }
    }

    private int shardOf(long id, long group) {
        boolean[] done = new boolean[1];
        table.create(id, group, 0, 0, PartitionFixture.config(c -> c), () -> done[0] = true);
        PartitionHandle handle = table.here(id);
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

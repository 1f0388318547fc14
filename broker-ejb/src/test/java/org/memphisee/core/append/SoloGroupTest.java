package org.memphisee.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.World;
import org.memphisee.store.memory.MemoryLogStore;
import org.memphisee.support.Await;

/** Who group what a shard wants written, and in which order. */
class SoloGroupTest {

    private final List<String> happened = new ArrayList<>();
    private final MemoryLogStore disk = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    private final Clock clock = new Clock();
    private final LogWriter writer = new LogWriter(disk, clock, 1_000_000_000L);
    private final Shard shard = new Shard(0, clock, () -> happened.add("handed over"), (s, e) -> { }, 1 << 20);
    private final SoloGroup group = new SoloGroup(shard, writer, 100);

    @Test
    void shouldWriteLittleItselfAfterHandingOver() {
        shard.execute(() -> group.propose(request("a", true, 10)));
        shard.turn();
        assertEquals(List.of("handed over", "a written"), happened);
        assertFalse(writer.turn());
    }

    @Test
    void shouldLeaveManyBytesToTheWriterBehindWhatWasGathered() {
        shard.execute(() -> {
            group.propose(request("a", true, 60));
            group.propose(request("b", true, 60));
        });
        shard.turn();
        assertEquals(List.of("handed over"), happened);
        assertTrue(writer.turn());
        assertEquals(List.of("handed over", "a written", "b written"), happened);
    }

    @Test
    void shouldLeaveWhatNeedsNoSyncToTheWriter() {
        shard.execute(() -> {
            group.propose(request("a", true, 1));
            group.propose(request("b", false, 1));
            group.propose(request("c", true, 1));
        });
        shard.turn();
        assertEquals(List.of("handed over"), happened, "c may not overtake b");
        writer.turn();
        assertEquals(List.of("handed over", "a written", "b written", "c written"), happened);
    }

    @Test
    void shouldNotOvertakeWhatOthersSubmitted() {
        writer.submit(request("other", true, 1));
        shard.execute(() -> group.propose(request("a", true, 1)));
        shard.turn();
        assertEquals(List.of("handed over"), happened);
        writer.turn();
        assertEquals(List.of("handed over", "other written", "a written"), happened);
    }

    @Test
    void shouldNotWaitForASlowDisk() {
        clock.perRead = 2_000_000L; // each look at the clock takes so long: a write seems to take it once
        shard.execute(() -> group.propose(request("a", true, 1)));
        shard.turn();
        assertEquals(List.of("handed over", "a written"), happened);
        clock.perRead = 4_000_000L;
        shard.execute(() -> group.propose(request("b", true, 1)));
        shard.turn();
        shard.execute(() -> group.propose(request("c", true, 1)));
        shard.turn();
        assertFalse(happened.contains("c written"), "the write before took 4 ms");
        clock.perRead = 0;
        writer.turn();
        shard.execute(() -> group.propose(request("d", true, 1)));
        shard.turn();
        assertTrue(happened.containsAll(List.of("b written", "c written", "d written")), "the disk is quick again");
    }

    @Test
    void shouldTellOfAFailure() throws StoreException {
        disk.failNextWrite();
        shard.execute(() -> group.propose(request("a", true, 1)));
        shard.turn();
        assertEquals(List.of("handed over", "a failed"), happened);
    }

    @Test
    void shouldWriteWhatNeedsNoSyncItselfAndLeaveTheRestToTheWriterBehindIt() {
        SoloGroup unsynced = SoloGroup.unsynced(shard, writer, 100);
        shard.execute(() -> unsynced.propose(request("a", false, 10)));
        shard.turn();
        assertEquals(List.of("handed over", "a written"), happened);
        happened.clear();
        shard.execute(() -> {
            unsynced.propose(request("b", false, 10));
            unsynced.propose(request("c", true, 10));
            unsynced.propose(request("d", false, 10));
        });
        shard.turn();
        assertEquals(List.of("handed over"), happened, "the shard does not wait for the disk, and d may not overtake c");
        writer.turn();
        assertEquals(List.of("handed over", "b written", "c written", "d written"), happened);
    }

    @Test
    void shouldHaveSyncedInTimeWhatTheShardWroteWhileTheWriterSlept() {
        World world = World.of(Thread::new);
        try (LogWriter real = new LogWriter(disk, world.clock(), 10_000_000L)) {
            SoloGroup unsynced = SoloGroup.unsynced(shard, real, 100);
            real.start(world);
            for (int i = 1; i <= 5; i++) {
                long before = disk.syncs();
                shard.execute(() -> unsynced.propose(request("a", false, 10)));
                shard.turn();
                Await.until("synced", () -> disk.syncs() > before);
            }
        }
        assertEquals(5, happened.stream().filter("a written"::equals).count());
    }

    private Proposal request(String name, boolean sync, int bytes) {
        return new Proposal(List.of(new StoreChange.DropPartition(99)), sync, bytes, new WriteFence(),
            outcome -> happened.add(name + (outcome instanceof WriteOutcome.Committed ? " written" : " failed")));
    }

    private static final class Clock implements BrokerClock {
        private long now;
        private long perRead;

        @Override
        public long nowNanos() {
            now += perRead;
            return now;
        }

        @Override
        public long wallNanos() {
            return now;
        }
    }
}

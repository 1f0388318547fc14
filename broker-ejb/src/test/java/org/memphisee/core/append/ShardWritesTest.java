package org.memphisee.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.store.memory.MemoryLogStore;

/** Who writes what a shard wants written, and in which order. */
class ShardWritesTest {

    private final List<String> happened = new ArrayList<>();
    private final MemoryLogStore disk = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    private final Clock clock = new Clock();
    private final LogWriter writer = new LogWriter(disk, clock, 1_000_000_000L);
    private final Shard shard = new Shard(0, clock, () -> happened.add("handed over"), (s, e) -> { }, 1 << 20);
    private final ShardWrites writes = new ShardWrites(shard, writer, 100);

    @Test
    void shouldWriteLittleItselfAfterHandingOver() {
        shard.execute(() -> writes.submit(request("a", true, 10)));
        shard.turn();
        assertEquals(List.of("handed over", "a written"), happened);
        assertFalse(writer.turn());
    }

    @Test
    void shouldLeaveManyBytesToTheWriterBehindWhatWasGathered() {
        shard.execute(() -> {
            writes.submit(request("a", true, 60));
            writes.submit(request("b", true, 60));
        });
        shard.turn();
        assertEquals(List.of("handed over"), happened);
        assertTrue(writer.turn());
        assertEquals(List.of("handed over", "a written", "b written"), happened);
    }

    @Test
    void shouldLeaveWhatNeedsNoSyncToTheWriter() {
        shard.execute(() -> {
            writes.submit(request("a", true, 1));
            writes.submit(request("b", false, 1));
            writes.submit(request("c", true, 1));
        });
        shard.turn();
        assertEquals(List.of("handed over"), happened, "c may not overtake b");
        writer.turn();
        assertEquals(List.of("handed over", "a written", "b written", "c written"), happened);
    }

    @Test
    void shouldNotOvertakeWhatOthersSubmitted() {
        writer.submit(request("other", true, 1));
        shard.execute(() -> writes.submit(request("a", true, 1)));
        shard.turn();
        assertEquals(List.of("handed over"), happened);
        writer.turn();
        assertEquals(List.of("handed over", "other written", "a written"), happened);
    }

    @Test
    void shouldNotWaitForASlowDisk() {
        clock.perRead = 2_000_000L; // each look at the clock takes so long: a write seems to take it once
        shard.execute(() -> writes.submit(request("a", true, 1)));
        shard.turn();
        assertEquals(List.of("handed over", "a written"), happened);
        clock.perRead = 4_000_000L;
        shard.execute(() -> writes.submit(request("b", true, 1)));
        shard.turn();
        shard.execute(() -> writes.submit(request("c", true, 1)));
        shard.turn();
        assertFalse(happened.contains("c written"), "the write before took 4 ms");
        clock.perRead = 0;
        writer.turn();
        shard.execute(() -> writes.submit(request("d", true, 1)));
        shard.turn();
        assertTrue(happened.containsAll(List.of("b written", "c written", "d written")), "the disk is quick again");
    }

    @Test
    void shouldTellOfAFailure() throws StoreException {
        disk.failNextWrite();
        shard.execute(() -> writes.submit(request("a", true, 1)));
        shard.turn();
        assertEquals(List.of("handed over", "a failed"), happened);
    }

    private WriteRequest request(String name, boolean sync, int bytes) {
        return new WriteRequest(List.of(new StoreChange.DropPartition(99)), sync, bytes, new WriteFence(),
            new WriteRequest.Completion() {
                @Override
                public void written() {
                    happened.add(name + " written");
                }

                @Override
                public void failed(StoreException cause) {
                    happened.add(name + " failed");
                }
            });
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

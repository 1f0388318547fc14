package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Timings;
import org.memphisee.port.PublishRequest;
import org.memphisee.store.memory.MemoryLogStore;

/** What no code foresaw takes the one partition offline whose state it left half changed, and is told once. */
class EscapedFailureTest {

    private static final long SECOND = 1_000_000_000L;

    private final List<String> reported = new ArrayList<>();
    private final MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private final Clock clock = new Clock();
    private final Shard shard =
        new Shard(0, clock, () -> { }, (s, e) -> reported.add("unowned: " + e.getMessage()), 1 << 20);
    private final LogWriter writer = new LogWriter(store, clock, SECOND);
    private boolean inboxesBroken;
    private Partition a;
    private Partition b;

    @BeforeEach
    void open() {
        ShardResources resources = new ShardResources(shard, new SoloGroup(shard, writer, 0), new BatchCache(1 << 20),
            new IndexBudget(16 << 20, 1 << 20), new BatchLoader(store, Runnable::run), new StorageGuard(), (subject, header, payload) -> { }, new Inboxes(),
            () -> 7, SECOND / 10, (p, c) -> { }, false, new Timings());
        PartitionTable table = new PartitionTable(List.of(resources), store, new PartitionTable.Listener() {
            @Override
            public void opened(Partition partition) { }

            @Override
            public void changed(Partition partition, StreamConfig before) { }

            @Override
            public void closed(Partition partition) { }

            @Override
            public void frozen(Partition partition, StoreException cause) {
                reported.add(partition.name() + ": " + cause.getMessage());
            }
        });
        a = open(table, 1, "A");
        b = open(table, 2, "B");
    }

    private Partition open(PartitionTable table, long id, String name) {
        StreamConfig c = PartitionFixture.config(x -> {
            x.maxAge = 100 * SECOND;
            return x;
        });
        StreamConfig named = new StreamConfig(name, "", List.of(name + ".>"), c.retention(), -1, -1, -1, -1, c.maxAgeNanos(),
            -1, c.discard(), false, c.storage(), 1, false, c.duplicateWindowNanos(), 0, "none", false, false, false, false,
            false, false, StreamConfig.Republish.NONE, 0, 0, Map.of(), c.durability(), 0, c.placement());
        table.create(id, 0, 0, clock.wallNanos(), named, () -> { });
        Partition p = table.here(id);
        p.run(PartitionOperations::opened);
        settle();
        return p;
    }

    private void settle() {
        boolean worked = true;
        while (worked) {
            worked = shard.turn() == 0;
            clock.now = Math.max(clock.now, shard.takeNap());
            worked |= writer.turn();
        }
    }

    private PublishAnswer publish(Partition p) {
        byte[] all = (p.name() + ".xreply" + "hello").getBytes(StandardCharsets.UTF_8);
        PublishAnswer answer = new PublishAnswer();
        shard.execute(() -> p.publish(new PublishRequest(all, 0, 3, 3, 5, 8, 0, 5), answer));
        return answer;
    }

    private void assertOnlyAIsOffline() {
        settle();
        assertEquals(1, reported.size(), reported.toString());
        assertTrue(reported.get(0).startsWith("A: unexpected: "), reported.toString());
        assertTrue(a.fault().startsWith("stream A is offline until a restart"), a.fault());
        assertTrue(a.state().frozen());
        assertEquals("", b.fault());
        PublishAnswer refused = publish(a);
        PublishAnswer again = publish(a);
        PublishAnswer taken = publish(b);
        settle();
        assertTrue(refused.text().contains("\"error\""), refused.text());
        assertTrue(again.text().contains("\"error\""), again.text());
        assertFalse(taken.text().contains("\"error\""), taken.text());
        assertEquals(1, reported.size(), "told once: " + reported);
    }

    @Test
    void shouldTakeOfflineWhatFailedInAPublish() {
        clock.broken = true;
        PublishAnswer lost = publish(a);
        shard.turn();
        clock.broken = false;
        assertTrue(lost.waiting());
        assertOnlyAIsOffline();
    }

    @Test
    void shouldTakeOfflineWhatFailedWhenABatchWasCommitted() {
        PublishAnswer first = publish(a);
        PublishAnswer other = publish(b);
        shard.turn();
        clock.now = Math.max(clock.now, shard.takeNap());
        shard.turn();
        writer.turn();
        clock.broken = true;
        shard.turn(); // both completions
        clock.broken = false;
        settle();
        assertTrue(first.waiting() && other.waiting());
        assertEquals(2, reported.size(), "each for itself: " + reported);
        assertTrue(a.fault().contains("offline") && b.fault().contains("offline"));
    }

    @Test
    void shouldRefuseWhoWaitsWithTheFailedOne() {
        PublishAnswer waiting = publish(a);
        shard.execute(() -> {
            a.enter();
            throw new IllegalStateException("a defect");
        });
        shard.turn();
        settle();
        assertTrue(waiting.text().contains("\"error\""), waiting.text());
        assertOnlyAIsOffline();
        assertEquals(0, shard.heldBytes(), "what it held is given back");
    }

    @Test
    void shouldTakeOfflineWhatFailedInATimer() {
        publish(a);
        settle();
        publish(b);
        clock.now += 50 * SECOND;
        settle();
        clock.now += 50 * SECOND + 1;
        clock.broken = true; // the oldest message of A is due, and that of B at the same time
        shard.turn();
        clock.broken = false;
        settle();
        assertTrue(reported.contains("A: unexpected: java.lang.IllegalStateException: a broken clock"), reported.toString());
        assertEquals(List.of(), reported.stream().filter(r -> r.startsWith("unowned")).toList());
    }

    @Test
    void shouldTakeOfflineWhatFailedInAPullAndInAnAcknowledgement() {
        inboxesBroken = true;
        byte[] pull = "c{}".getBytes(StandardCharsets.UTF_8);
        a.run(p -> p.addConsumer(1, consumer(), clock.wallNanos(), 1, () -> { }));
        settle();
        shard.execute(() -> a.pull(new PublishRequest(pull, 0, 1, 1, 0, 1, 0, 2), 0, 1, "inbox"));
        assertOnlyAIsOffline();
    }

    @Test
    void shouldTakeOfflineWhatFailedInAnOperation() {
        a.run(p -> {
            throw new StackOverflowError();
        });
        assertOnlyAIsOffline();
    }

    @Test
    void shouldTakeOfflineWhatFailedAtTheEndOfATurn() {
        shard.execute(() -> {
            a.enter();
            shard.atEndOfTurn(() -> {
                throw new IllegalStateException("at the end");
            });
        });
        assertOnlyAIsOffline();
    }

    @Test
    void shouldReportWhatIsNobodys() {
        shard.execute(() -> {
            throw new IllegalStateException("of nobody");
        });
        publish(a);
        settle();
        assertEquals(List.of("unowned: of nobody"), reported);
        assertEquals("", a.fault());
    }

    @Test
    void shouldStoreNothingOfWhatIsOffline() {
        publish(a);
        settle();
        a.run(p -> p.addConsumer(1, consumer(), clock.wallNanos(), 1, () -> { }));
        settle();
        a.run(p -> {
            throw new IllegalStateException("a defect");
        });
        settle();
        long syncs = store.syncs();
        clock.now += 300 * SECOND;
        settle();
        assertEquals(syncs, store.syncs());
        assertEquals(1, reported.size());
    }

    /** A durable consumer that acknowledges explicitly. */
    private static ConsumerConfig consumer() {
        return new ConsumerConfig("c", true, "", ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, 30 * SECOND, -1, List.of(), List.of(), false, false, 0, 0, 512,
            -1, 0, false, false, 0, 0, 0, "", "", 0, 0, false, Map.of());
    }

    private static final class Clock implements BrokerClock {
        private long now = 1_000 * SECOND;
        private boolean broken;

        @Override
        public long wallNanos() {
            if (broken) {
                throw new IllegalStateException("a broken clock");
            }
            return 1_700_000_000L * SECOND + now;
        }

        @Override
        public long nowNanos() {
            return now;
        }
    }

    private final class Inboxes implements ShardResources.Inboxes {
        @Override
        public Inbox inbox(String subject, String queueGroup) {
            if (inboxesBroken) {
                throw new IllegalStateException("broken inboxes");
            }
            throw new AssertionError("nobody asks");
        }

        @Override
        public AutoCloseable watch(String subject, Shard of, Runnable changed) {
            return () -> { };
        }
    }
}

package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.stream.StreamConfig;

/** What happens to batches while the record that takes their place is being written. */
class MergeTest {

    private static final int MERGED = 32;

    private PartitionFixture f;

    @BeforeEach
    void begin() {
        with(c -> { });
    }

    private void with(java.util.function.Consumer<StreamBuilder> change) {
        f = new PartitionFixture(config(c -> {
            change.accept(c);
            return c;
        }));
        f.cacheBytes = 64_000;
        f.crash();
    }

    /** So many batches of one message; the merge of all of them is handed to the writer, which did not begin. */
    private void merging() {
        for (int i = 1; i < MERGED; i++) {
            f.publish("s.a", "m" + i);
            f.settle();
        }
        f.publish("s.a", "m" + MERGED);
        f.shard.turn();
        f.writer.turn();
        f.shard.turn();
        assertEquals(MERGED, f.partition.batchCount());
    }

    private static List<String> messages(long... without) {
        return IntStream.rangeClosed(1, MERGED).filter(i -> LongStream.of(without).noneMatch(w -> w == i))
            .mapToObj(i -> "m" + i).toList();
    }

    @Test
    void shouldAnswerADeletionDuringAMergeOnlyWhenItIsDurable() {
        merging();
        List<Boolean> answers = new ArrayList<>();
        f.partition.run(p -> p.deleteMessage(7, answers::add, c -> { }));
        f.shard.turn();
        assertEquals(List.of(), answers);
        f.settle();
        assertEquals(List.of(true), answers);
        assertEquals(1, f.partition.batchCount());
        f.crash();
        assertEquals(messages(7), f.payloads());
        assertEquals(MERGED - 1, f.state().messages());
    }

    @Test
    void shouldKeepAPurgeDuringAMerge() {
        merging();
        List<Long> answers = new ArrayList<>();
        f.partition.run(p -> p.purge("s.a", 6, 0, answers::add, c -> { }));
        f.settle();
        assertEquals(List.of(5L), answers);
        f.crash();
        assertEquals(messages(1, 2, 3, 4, 5), f.payloads());
        assertEquals(6, f.state().firstSeq());
    }

    @Test
    void shouldKeepWhatWasRemovedBeforeAndBehindTheMergeInOneRecord() {
        merging();
        List<Boolean> answers = new ArrayList<>();
        f.partition.run(p -> p.deleteMessage(7, answers::add, c -> { }));
        f.shard.turn(); // behind the merge, both wait for the writer
        f.partition.run(p -> p.deleteMessage(9, answers::add, c -> { }));
        f.settle();
        f.partition.run(p -> p.deleteMessage(11, answers::add, c -> { }));
        f.settle();
        assertEquals(List.of(true, true, true), answers);
        f.crash();
        assertEquals(messages(7, 9, 11), f.payloads());
    }

    @Test
    void shouldStoreWhatWasAcknowledgedDuringAMergeWithItsCursor() {
        with(c -> c.retention = StreamConfig.Retention.INTEREST);
        f.consumer("c");
        for (int i = 1; i < MERGED; i++) {
            f.publish("s.a", "m" + i);
            f.settle();
        }
        assertEquals(List.of("m1", "m2"), f.pull("c", 2));
        f.advance(SECOND);
        f.publish("s.a", "m" + MERGED);
        f.shard.turn();
        f.writer.turn();
        f.shard.turn();
        f.acknowledge();
        f.shard.turn();
        f.clock.now += SECOND;
        f.shard.turn(); // cursor and removals are handed over, behind the merge
        f.writer.turn();
        f.writer.turn();
        f.crash();
        assertEquals(messages(1, 2), f.payloads());
        assertEquals("m3", f.pull("c", 1).get(0));
    }

    @Test
    void shouldRepeatWhatDependedOnAMergeThatTheDiskHadNoRoomFor() {
        merging();
        f.store.free(100);
        List<Boolean> answers = new ArrayList<>();
        f.partition.run(p -> p.deleteMessage(7, answers::add, c -> { }));
        f.settle();
        f.advance(SECOND);
        assertEquals(List.of(true), answers);
        assertEquals(MERGED, f.partition.batchCount());
        f.crash();
        assertEquals(messages(7), f.payloads());
        f.store.free(Long.MAX_VALUE);
        assertFalse(f.state().frozen());
    }

    @Test
    void shouldNeitherEvictNorLoadWhatIsBeingMerged() {
        merging();
        LongStream.rangeClosed(1, MERGED).forEach(f.hidden::add); // the merge is seen before it is committed
        f.crowdTheCache();
        f.shard.turn();
        List<String> read = new ArrayList<>();
        f.partition.run(p -> p.message(5, m -> read.add(m.found().map(x -> x.subject()).orElse("none"))));
        f.shard.turn();
        f.read();
        f.shard.turn();
        assertEquals(List.of("s.a"), read);
        assertFalse(f.state().frozen());
        f.hidden.clear();
        f.settle();
        assertEquals(messages(), f.payloads());
        assertEquals(1, f.partition.batchCount());
    }

    @Test
    void shouldStillTakeARecordForDamagedThatIsNotThere() {
        merging();
        f.settle();
        f.publish("s.a", "and the disk syncs");
        f.settle();
        f.crash();
        f.hidden.add(1L);
        f.partition.run(p -> p.message(5, m -> { }));
        f.settle();
        assertTrue(f.state().frozen());
    }

    @Test
    void shouldKeepTheNewerValueWhenTheProcessDiesBetweenAMergeAndTheRemovalOfTheOlder() {
        with(c -> c.perSubject = 1);
        int all = MERGED + 16;
        for (int i = 1; i <= all; i++) {
            f.publish("s." + (i == 10 ? 5 : i), "m" + i);
            f.settle();
        }
        assertEquals(1, f.partition.batchCount());
        f.publish("s.last", "and the disk syncs");
        f.settle();
        List<Long> stored = f.storedBatches();
        assertTrue(stored.contains(1L) && stored.contains(5L) && !stored.contains(6L), stored::toString); // before the interval
        f.crash();
        assertEquals("m10", payload(10));
        assertEquals("none", payload(5));
        assertEquals(1, f.subjectCounts("s.5").get("s.5"));
        assertEquals(all, f.state().messages());
        f.advance(SECOND);
        assertFalse(f.storedBatches().contains(5L));
        f.crash();
        assertEquals("m10", payload(10));
        assertEquals(all, f.state().messages());
    }

    private String payload(long sequence) {
        return f.message(sequence).map(m -> new String(m.payload(), java.nio.charset.StandardCharsets.UTF_8)).orElse("none");
    }
}

package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreChange;

/** Messages that somebody removes, one by one, by purge or by a roll-up. */
class PartitionRemovalTest {

    private PartitionFixture f = new PartitionFixture(config(c -> c));

    private void with(java.util.function.Consumer<StreamBuilder> change) {
        f = new PartitionFixture(config(c -> {
            change.accept(c);
            return c;
        }));
    }

    @Test
    void shouldDeleteSingleMessagesForGood() {
        f.store(5);
        List<Boolean> answers = new ArrayList<>();
        f.partition.run(p -> p.deleteMessage(3, answers::add, c -> { }));
        f.partition.run(p -> p.deleteMessage(3, answers::add, c -> { }));
        f.partition.run(p -> p.deleteMessage(99, answers::add, c -> { }));
        f.settle();
        assertEquals(List.of(false, false, true), answers);
        assertEquals(List.of("m1", "m2", "m4", "m5"), f.payloads());
        assertEquals(1, f.state().numDeleted());
        assertEquals(List.of(3L), longs(f.deletedSequences(10)));
        f.crash();
        assertEquals(List.of("m1", "m2", "m4", "m5"), f.payloads());
        assertEquals(4, f.state().messages());
    }

    @Test
    void shouldRefuseRemovalsThatCannotBecomeDurable() {
        f.store(5);
        List<String> answers = new ArrayList<>();
        f.store.failNextWrite();
        f.partition.run(p -> p.purge("", 3, 0, n -> answers.add("purged"), answers::add));
        f.settle();
        assertEquals(1, answers.size());
        assertTrue(answers.get(0).startsWith("the partition is frozen after a failed write"), answers.get(0));
        f.partition.run(p -> p.deleteMessage(4, n -> answers.add("deleted"), answers::add));
        f.partition.run(p -> p.purge("", 0, 0, n -> answers.add("purged"), answers::add));
        f.settle();
        assertEquals(3, answers.stream().filter(a -> a.startsWith("the partition is frozen")).count());
        f.crash();
        assertEquals(List.of("m1", "m2", "m3", "m4", "m5"), f.payloads());
    }

    @Test
    void shouldListEveryGapUpToTheLastSequence() {
        f.store(40);
        for (long gone : new long[] {3, 4, 39, 40}) {
            f.partition.run(p -> p.deleteMessage(gone, done -> { }, c -> { }));
        }
        f.settle();
        assertEquals(List.of(3L, 4L, 39L, 40L), longs(f.deletedSequences(10)));
        assertEquals(List.of(3L, 4L), longs(f.deletedSequences(2)));
        assertEquals(4, f.state().numDeleted());
        assertEquals(40, f.state().lastSeq());
    }

    private static List<Long> longs(long[] a) {
        return java.util.Arrays.stream(a).boxed().toList();
    }

    @Test
    void shouldPurgeAllAndKeepTheSequence() {
        f.store(7);
        assertEquals(7, purge("", 0, 0));
        assertEquals(0, f.state().messages());
        assertEquals(8, f.state().firstSeq());
        f.crash();
        assertEquals(7, f.state().lastSeq());
        assertEquals(8, f.state().firstSeq());
        assertEquals(8, f.store("next"));
    }

    private long purge(String filter, long below, long keep) {
        List<Long> n = new ArrayList<>();
        f.partition.run(p -> p.purge(filter, below, keep, n::add, c -> { }));
        f.settle();
        return n.get(0);
    }

    @Test
    void shouldPurgeBySubjectSequenceAndKeep() {
        for (int i = 1; i <= 4; i++) {
            f.publish("s.a", "a" + i);
            f.publish("s.b", "b" + i);
        }
        f.settle();
        assertEquals(2, purge("s.a", 0, 2));
        assertEquals(List.of("b1", "b2", "a3", "b3", "a4", "b4"), f.payloads());
        assertEquals(2, purge("", 5, 0));
        assertEquals(List.of("a3", "b3", "a4", "b4"), f.payloads());
        assertEquals(2, purge("s.b", 0, 0));
        assertEquals(List.of("a3", "a4"), f.payloads());
        assertEquals(0, purge("s.b", 0, 0));
        f.crash();
        assertEquals(List.of("a3", "a4"), f.payloads());
        assertEquals(Map.of("s.a", 2L), f.subjectCounts(">"));
    }

    @Test
    void shouldReplaceEarlierMessagesByARollup() {
        with(c -> c.rollup = true);
        f.publish("s.a", "a1");
        f.publish("s.b", "b1");
        f.publish("s.a", "a2", "Nats-Rollup", "sub");
        f.settle();
        assertEquals(List.of("b1", "a2"), f.payloads());
        f.publish("s.a", "a3", "Nats-Rollup", "all");
        f.settle();
        assertEquals(List.of("a3"), f.payloads());
    }

    @Test
    void shouldRefuseARollupThatIsNotAllowed() {
        PublishAnswer a = f.publish("s.a", "a2", "Nats-Rollup", "sub");
        f.settle();
        assertTrue(a.refusedWith(10111));
    }

    @Test
    void shouldRefuseWhatGathersWhenTheStreamIsRemoved() {
        List<StoreChange> written = new ArrayList<>();
        f.written = written::addAll;
        PublishAnswer first = publishAndTurn("m1");
        PublishAnswer second = publishAndTurn("m2"); // two batches are on their way, nothing more is handed over
        PublishAnswer gathering = publishAndTurn("m3");
        List<String> done = new ArrayList<>();
        f.shard.execute(() -> f.partition.remove(() -> done.add("removed")));
        f.shard.turn();
        assertTrue(first.waiting() && second.waiting());
        assertTrue(gathering.refusedWith(10059), gathering::text);
        f.settle();
        assertEquals(List.of(1L, 2L), List.of(first.sequence(), second.sequence()));
        assertEquals(List.of("removed"), done);
        assertTrue(written.get(written.size() - 1) instanceof StoreChange.DropPartition, written::toString);
        assertEquals(4, written.size()); // the last two remove the partition and its dead letters
    }

    @Test
    void shouldWriteNothingBehindTheRemovalOfTheStream() {
        List<StoreChange> written = new ArrayList<>();
        f.written = written::addAll;
        f.store(31);
        PublishAnswer last = publishAndTurn("m32"); // when it is stored the others are many enough to be merged
        f.shard.execute(() -> f.partition.remove(() -> { }));
        f.settle();
        f.advance(10 * PartitionFixture.SECOND);
        assertEquals(32, last.sequence());
        assertTrue(written.get(written.size() - 1) instanceof StoreChange.DropPartition, written::toString);
    }

    @Test
    void shouldStayRemovedWhenWhatWasOnItsWayFails() {
        PublishAnswer answer = publishAndTurn("m1");
        f.shard.execute(() -> f.partition.remove(() -> { }));
        f.store.failNextWrite();
        f.settle();
        assertTrue(answer.refusedWith(10059), answer::text);
        assertEquals(PartitionLife.CLOSED, f.partition.life());
        assertEquals("", f.partition.fault());
    }

    private PublishAnswer publishAndTurn(String payload) {
        PublishAnswer answer = f.publish("s.a", payload);
        f.shard.turn();
        return answer;
    }
}

package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.memphisee.core.partition.PartitionFixture.Answer;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.port.PublishRequest;

class PartitionTest {

    private PartitionFixture f = new PartitionFixture(config(c -> c));

    private void with(java.util.function.Consumer<PartitionFixture.Builder> change) {
        f = new PartitionFixture(config(c -> {
            change.accept(c);
            return c;
        }));
    }

    private void publish(int n) {
        IntStream.rangeClosed(1, n).forEach(i -> {
            f.publish("s.a", "m" + i);
            f.settle();
        });
    }

    @Test
    void shouldAcknowledgeOnlyWhenTheDiskHasConfirmed() {
        Answer a = f.publish("s.a", "one");
        f.shard.turn();
        assertTrue(a.waiting());
        assertEquals(0, f.state().messages());
        f.writer.turn();
        f.shard.turn();
        assertEquals("{\"stream\":\"S\", \"seq\":1}", a.text());
        assertEquals(1, f.state().messages());
    }

    @Test
    void shouldShareOneSyncAmongAllThatWait() {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(f.publish("s.a", "m"));
        }
        f.settle();
        assertEquals(1, f.store.syncs());
        assertEquals(500, answers.get(499).sequence());
    }

    @Test
    void shouldKeepEverythingAcknowledgedOverACrash() {
        publish(100);
        Answer late = f.publish("s.a", "lost");
        f.shard.turn();
        f.crash();
        assertTrue(late.waiting());
        assertEquals(100, f.state().lastSeq());
        assertEquals(IntStream.rangeClosed(1, 100).mapToObj(i -> "m" + i).toList(), f.payloads());
        assertEquals(101, sequence("next"));
    }

    private long sequence(String payload) {
        Answer a = f.publish("s.a", payload);
        f.settle();
        return a.sequence();
    }

    @Test
    void shouldStoreARepeatedMessageIdOnceAlsoAfterACrash() {
        Answer first = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        Answer repeat = f.publish("s.a", "x", "msg-id", "id-1");
        f.settle();
        assertEquals(1, first.sequence());
        assertEquals("{\"stream\":\"S\", \"seq\":1,\"duplicate\": true}", repeat.text());
        f.crash();
        Answer later = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.settle();
        assertTrue(later.text().contains("duplicate"));
        f.advance(121 * SECOND);
        Answer after = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.settle();
        assertEquals(2, after.sequence());
    }

    @Test
    void shouldNotPromiseADuplicateBeforeTheOriginalIsDurable() {
        f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.shard.turn();
        Answer repeat = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.shard.turn();
        assertTrue(repeat.waiting());
        f.settle();
        assertFalse(repeat.waiting());
    }

    @Test
    void shouldCheckExpectationsInTheSpecifiedOrder() {
        publish(2);
        Answer stream = f.publish("s.a", "x", "Nats-Expected-Stream", "T", "Nats-Expected-Last-Sequence", "9");
        Answer sequence = f.publish("s.a", "x", "Nats-Expected-Last-Sequence", "1");
        Answer subject = f.publish("s.b", "x", "Nats-Expected-Last-Subject-Sequence", "1");
        Answer id = f.publish("s.a", "x", "Nats-Expected-Last-Msg-Id", "z");
        Answer good = f.publish("s.a", "x", "Nats-Expected-Stream", "S", "Nats-Expected-Last-Sequence", "2",
            "Nats-Expected-Last-Subject-Sequence", "2");
        Answer create = f.publish("s.b", "x", "Nats-Expected-Last-Subject-Sequence", "0");
        f.settle();
        assertTrue(stream.refusedWith(10060));
        assertTrue(sequence.text().contains("wrong last sequence: 2"));
        assertTrue(subject.text().contains("wrong last sequence: 0"));
        assertTrue(id.refusedWith(10070));
        assertEquals(3, good.sequence());
        assertEquals(4, create.sequence());
    }

    @Test
    void shouldSeeMessagesThatAreNotYetDurableWhenCheckingExpectations() {
        f.publish("s.a", "x");
        Answer second = f.publish("s.a", "x", "Nats-Expected-Last-Subject-Sequence", "0");
        f.settle();
        assertTrue(second.refusedWith(10071));
    }

    @Test
    void shouldKeepTheNewestWhenTheCountIsLimited() {
        with(c -> c.maxMsgs = 10);
        publish(25);
        assertEquals(10, f.state().messages());
        assertEquals(16, f.state().firstSeq());
        assertEquals("m16", f.payloads().get(0));
        f.crash();
        assertEquals(16, f.state().firstSeq());
        assertEquals(10, f.state().messages());
    }

    @Test
    void shouldTrimInsideALargeBatch() {
        with(c -> c.maxMsgs = 10);
        IntStream.rangeClosed(1, 25).forEach(i -> f.publish("s.a", "m" + i));
        f.settle();
        assertEquals(16, f.state().firstSeq());
        assertEquals(10, f.payloads().size());
        assertEquals(10 * (30 + 3 + 3), f.state().bytes());
    }

    @Test
    void shouldStayBelowTheByteLimit() {
        with(c -> c.maxBytes = 400);
        publish(50);
        assertTrue(f.state().bytes() <= 400, () -> "bytes " + f.state().bytes());
        assertTrue(f.state().messages() >= 9);
        assertEquals(50, f.state().lastSeq());
    }

    @Test
    void shouldDropMessagesThatAreTooOld() {
        with(c -> c.maxAge = 10 * SECOND);
        publish(3);
        f.advance(6 * SECOND);
        publish(2);
        f.advance(5 * SECOND);
        assertEquals(2, f.state().messages());
        assertEquals(4, f.state().firstSeq());
        f.advance(20 * SECOND);
        assertEquals(0, f.state().messages());
        assertEquals(6, f.state().firstSeq());
        f.crash();
        assertEquals(5, f.state().lastSeq());
        assertEquals(6, sequence("next"));
    }

    @Test
    void shouldKeepSoManyPerSubject() {
        with(c -> c.perSubject = 2);
        for (int i = 1; i <= 5; i++) {
            f.publish("s.a", "a" + i);
            f.publish("s.b", "b" + i);
            f.settle();
        }
        assertEquals(List.of("a4", "b4", "a5", "b5"), f.payloads());
        f.crash();
        f.publish("s.a", "a6");
        f.settle();
        assertEquals(List.of("b4", "a5", "b5", "a6"), f.payloads());
        assertEquals(Map.of("s.a", 2L, "s.b", 2L), f.subjectCounts(">"));
    }

    @Test
    void shouldRefuseInsteadOfDroppingWhenToldTo() {
        with(c -> {
            c.maxMsgs = 2;
            c.discard = StreamConfig.Discard.NEW;
        });
        Answer one = f.publish("s.a", "1");
        Answer two = f.publish("s.a", "2");
        Answer three = f.publish("s.a", "3");
        f.settle();
        assertEquals(1, one.sequence());
        assertEquals(2, two.sequence());
        assertTrue(three.text().contains("\"err_code\":10077,\"description\":\"maximum messages exceeded\""));
        assertEquals(2, f.state().messages());
    }

    @Test
    void shouldDeleteSingleMessagesForGood() {
        publish(5);
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
        publish(5);
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
        publish(40);
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
        publish(7);
        assertEquals(7, purge("", 0, 0));
        assertEquals(0, f.state().messages());
        assertEquals(8, f.state().firstSeq());
        f.crash();
        assertEquals(7, f.state().lastSeq());
        assertEquals(8, f.state().firstSeq());
        assertEquals(8, sequence("next"));
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
        Answer a = f.publish("s.a", "a2", "Nats-Rollup", "sub");
        f.settle();
        assertTrue(a.refusedWith(10111));
    }

    @Test
    void shouldRepublishWhatWasStored() {
        with(c -> c.republish = new StreamConfig.Republish("s.*", "copy.{{wildcard(1)}}.x", false));
        f.publish("s.a", "one", "k", "v");
        f.publish("s.a", "two");
        f.publish("s.a.deep", "not this");
        f.settle();
        assertEquals(2, f.published.size());
        assertTrue(f.published.get(0).matches(
            "copy\\.a\\.x NATS/1\\.0\\|k: v\\|Nats-Stream: S\\|Nats-Subject: s\\.a\\|Nats-Sequence: 1\\|"
                + "Nats-Time-Stamp: \\S+Z\\|Nats-Last-Sequence: 0\\|\\|one"), () -> f.published.get(0));
        assertTrue(f.published.get(1).contains("|Nats-Last-Sequence: 1||two"), () -> f.published.get(1));
    }

    /** What was on its way when it was removed is known to nobody: who asks must not wait. */
    @Test
    void shouldKnowNoConsumerOnceItIsRemoved() {
        f.consumer("c", "s.>");
        f.publish("s.a", "one");
        f.settle();
        byte[] b = "c$JS.ACK.S.c.1.1.1.1.0".getBytes(StandardCharsets.UTF_8);
        PublishRequest pull = new PublishRequest(b, 0, 1, 0, 0, 0, 0, 0);
        PublishRequest ack = new PublishRequest(b, 1, b.length - 1, 0, 0, 0, 0, 0);
        List<Boolean> known = new ArrayList<>();
        f.shard.execute(() -> known.add(f.partition.pull(pull, 0, 1, "inbox")));
        f.shard.execute(() -> f.partition.remove(() -> { }));
        f.shard.execute(() -> known.add(f.partition.pull(pull, 0, 1, "inbox")));
        f.shard.execute(() -> known.add(f.partition.acknowledge(ack, "reply")));
        f.settle();
        assertEquals(List.of(true, false, false), known);
    }

    @Test
    void shouldMapSubjectsForRepublishing() {
        with(c -> c.republish = new StreamConfig.Republish("s.>", "copy.>", true));
        f.publish("s.a.b", "one");
        f.settle();
        assertTrue(f.published.get(0).startsWith("copy.a.b "), () -> f.published.get(0));
        with(c -> c.republish = new StreamConfig.Republish("s.*.*", "x.$2.$1", true));
        f.publish("s.a.b", "one");
        f.settle();
        assertTrue(f.published.get(0).startsWith("x.b.a "), () -> f.published.get(0));
    }

    @Test
    void shouldFreezeAfterAFailedWriteAndKeepReading() {
        publish(3);
        f.store.failNextWrite();
        Answer failed = f.publish("s.a", "x");
        f.shard.turn();
        Answer behind = f.publish("s.a", "y");
        f.settle();
        assertTrue(failed.refusedWith(10077));
        assertTrue(behind.refusedWith(10077));
        Answer later = f.publish("s.a", "z");
        f.settle();
        assertTrue(later.text().contains("frozen"));
        assertTrue(f.partition.state().frozen() || later.refusedWith(10077));
        assertEquals(List.of("m1", "m2", "m3"), f.payloads());
        f.crash();
        assertEquals(4, sequence("again"));
    }

    @Test
    void shouldGoOnWhenAFullDiskHasRoomAgain() {
        publish(2);
        f.store.free(0);
        Answer full = f.publish("s.a", "x", "Nats-Msg-Id", "id");
        f.settle();
        assertTrue(full.refusedWith(10023));
        f.store.free(Long.MAX_VALUE);
        Answer again = f.publish("s.a", "y", "Nats-Msg-Id", "id");
        f.settle();
        assertEquals(3, again.sequence());
        assertEquals(List.of("m1", "m2", "y"), f.payloads());
    }

    @Test
    void shouldRefusePublishesBeforeTheDiskIsFull() {
        f.guard.full(true);
        Answer a = f.publish("s.a", "x");
        f.settle();
        assertTrue(a.refusedWith(10023));
        f.guard.full(false);
        assertEquals(1, sequence("x"));
    }

    @Test
    void shouldMergeTheBatchesOfASlowProducer() {
        publish(2_000);
        assertTrue(f.partition.batchCount() < 150, () -> "batches: " + f.partition.batchCount());
        assertEquals(2_000, f.state().messages());
        f.crash();
        assertTrue(f.partition.batchCount() < 150);
        assertEquals(IntStream.rangeClosed(1, 2_000).mapToObj(i -> "m" + i).toList(), f.payloads());
    }

    @Test
    void shouldReadBackFromTheStoreWhatLeftTheCache() {
        f.cacheBytes = 4_000;
        f.crash();
        publish(300);
        assertEquals(IntStream.rangeClosed(1, 300).mapToObj(i -> "m" + i).toList(), f.payloads());
    }

    @Test
    void shouldForgetAMemoryStreamWithTheProcess() {
        with(c -> c.storage = StreamConfig.Storage.MEMORY);
        publish(40);
        assertEquals(40, f.payloads().size());
        assertEquals(0, f.store.syncs());
        f.crash();
        assertEquals(0, f.state().messages());
    }

    @Test
    void shouldStepAsideWhenARecordIsDamaged() {
        publish(3);
        f.crash();
        f.store.corruptBatch(1, 2);
        assertEquals("m1", new String(f.message(1).orElseThrow().payload(), StandardCharsets.UTF_8));
        Answer never = f.publish("s.a", "x");
        f.shard.execute(() -> f.partition.operations().message(2, m -> { }));
        f.settle();
        assertEquals(4, never.sequence());
        Answer refused = f.publish("s.a", "x");
        f.settle();
        assertTrue(refused.refusedWith(10077));
        assertTrue(f.state().frozen());
        assertEquals(4, f.state().lastSeq());
    }

    @Test
    void shouldStoreLargeMessagesAndMany() {
        byte[] big = new byte[1 << 20];
        for (int i = 0; i < 5; i++) {
            f.publish("s.a", new byte[0], big);
        }
        f.settle();
        assertEquals(5, f.state().messages());
        assertEquals(1 << 20, f.message(5).orElseThrow().payload().length);
        assertEquals(0, f.shard.heldBytes());
    }

    @Test
    void shouldNotHoldClientDataAfterAnswering() {
        publish(10);
        f.guard.full(true);
        f.publish("s.a", "x");
        f.settle();
        assertEquals(0, f.shard.heldBytes());
    }
}

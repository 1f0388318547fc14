package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.memphisee.core.stream.StreamConfig;
import org.memphisee.port.PublishRequest;

class PartitionTest {

    private PartitionFixture f = new PartitionFixture(config(c -> c));

    private void with(java.util.function.Consumer<StreamBuilder> change) {
        f = new PartitionFixture(config(c -> {
            change.accept(c);
            return c;
        }));
    }

    @Test
    void shouldAcknowledgeOnlyWhenTheDiskHasConfirmed() {
        PublishAnswer a = f.publish("s.a", "one");
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
        List<PublishAnswer> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(f.publish("s.a", "m"));
        }
        f.settle();
        assertEquals(1, f.store.syncs());
        assertEquals(500, answers.get(499).sequence());
    }

    @Test
    void shouldKeepEverythingAcknowledgedOverACrash() {
        f.store(100);
        PublishAnswer late = f.publish("s.a", "lost");
        f.shard.turn();
        f.crash();
        assertTrue(late.waiting());
        assertEquals(100, f.state().lastSeq());
        assertEquals(IntStream.rangeClosed(1, 100).mapToObj(i -> "m" + i).toList(), f.payloads());
        assertEquals(101, f.store("next"));
    }

    @Test
    void shouldStoreARepeatedMessageIdOnceAlsoAfterACrash() {
        PublishAnswer first = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        PublishAnswer repeat = f.publish("s.a", "x", "msg-id", "id-1");
        f.settle();
        assertEquals(1, first.sequence());
        assertEquals("{\"stream\":\"S\", \"seq\":1,\"duplicate\": true}", repeat.text());
        f.crash();
        PublishAnswer later = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.settle();
        assertTrue(later.text().contains("duplicate"));
        f.advance(121 * SECOND);
        PublishAnswer after = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.settle();
        assertEquals(2, after.sequence());
    }

    @Test
    void shouldNotPromiseADuplicateBeforeTheOriginalIsDurable() {
        f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.shard.turn();
        PublishAnswer repeat = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.shard.turn();
        assertTrue(repeat.waiting());
        f.settle();
        assertFalse(repeat.waiting());
    }

    @Test
    void shouldCheckExpectationsInTheSpecifiedOrder() {
        f.store(2);
        PublishAnswer stream = f.publish("s.a", "x", "Nats-Expected-Stream", "T", "Nats-Expected-Last-Sequence", "9");
        PublishAnswer sequence = f.publish("s.a", "x", "Nats-Expected-Last-Sequence", "1");
        PublishAnswer subject = f.publish("s.b", "x", "Nats-Expected-Last-Subject-Sequence", "1");
        PublishAnswer id = f.publish("s.a", "x", "Nats-Expected-Last-Msg-Id", "z");
        PublishAnswer good = f.publish("s.a", "x", "Nats-Expected-Stream", "S", "Nats-Expected-Last-Sequence", "2",
            "Nats-Expected-Last-Subject-Sequence", "2");
        PublishAnswer create = f.publish("s.b", "x", "Nats-Expected-Last-Subject-Sequence", "0");
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
        PublishAnswer second = f.publish("s.a", "x", "Nats-Expected-Last-Subject-Sequence", "0");
        f.settle();
        assertTrue(second.refusedWith(10071));
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
        f.store(3);
        f.store.failNextWrite();
        PublishAnswer failed = f.publish("s.a", "x");
        f.shard.turn();
        PublishAnswer behind = f.publish("s.a", "y");
        f.settle();
        assertTrue(failed.refusedWith(10077));
        assertTrue(behind.refusedWith(10077));
        PublishAnswer later = f.publish("s.a", "z");
        f.settle();
        assertTrue(later.text().contains("frozen"));
        assertTrue(f.partition.state().frozen() || later.refusedWith(10077));
        assertEquals(List.of("m1", "m2", "m3"), f.payloads());
        f.crash();
        assertEquals(4, f.store("again"));
    }

    @Test
    void shouldGoOnWhenAFullDiskHasRoomAgain() {
        f.store(2);
        f.store.free(0);
        PublishAnswer full = f.publish("s.a", "x", "Nats-Msg-Id", "id");
        f.settle();
        assertTrue(full.refusedWith(10023));
        f.store.free(Long.MAX_VALUE);
        PublishAnswer again = f.publish("s.a", "y", "Nats-Msg-Id", "id");
        f.settle();
        assertEquals(3, again.sequence());
        assertEquals(List.of("m1", "m2", "y"), f.payloads());
    }

    @Test
    void shouldRefusePublishesBeforeTheDiskIsFull() {
        f.guard.full(true);
        PublishAnswer a = f.publish("s.a", "x");
        f.settle();
        assertTrue(a.refusedWith(10023));
        f.guard.full(false);
        assertEquals(1, f.store("x"));
    }

    @Test
    void shouldMergeTheBatchesOfASlowProducer() {
        f.store(2_000);
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
        f.store(300);
        assertEquals(IntStream.rangeClosed(1, 300).mapToObj(i -> "m" + i).toList(), f.payloads());
    }

    @Test
    void shouldForgetAMemoryStreamWithTheProcess() {
        with(c -> c.storage = StreamConfig.Storage.MEMORY);
        f.store(40);
        assertEquals(40, f.payloads().size());
        assertEquals(0, f.store.syncs());
        f.crash();
        assertEquals(0, f.state().messages());
    }

    @Test
    void shouldStepAsideWhenARecordIsDamaged() {
        f.store(3);
        f.crash();
        f.store.corruptBatch(1, 2);
        assertEquals("m1", new String(f.message(1).orElseThrow().payload(), StandardCharsets.UTF_8));
        PublishAnswer never = f.publish("s.a", "x");
        f.shard.execute(() -> f.partition.operations().message(2, m -> { }));
        f.settle();
        assertEquals(4, never.sequence());
        PublishAnswer refused = f.publish("s.a", "x");
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
        f.store(10);
        f.guard.full(true);
        f.publish("s.a", "x");
        f.settle();
        assertEquals(0, f.shard.heldBytes());
    }
}

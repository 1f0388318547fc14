package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerConfig.DeliverPolicy;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.stream.StreamConfig;

/**
 * Questions about what is not in memory: they are answered rightly, later, and the shard never reads for them (the fixture
 * fails each read on its thread).
 */
class ColdQuestionsTest {

    private static final int MESSAGES = 60;

    private PartitionFixture f;

    /** Messages 1 to 60 in batches of five, subjects s.(n % 7).x; nothing of it in memory, nor the texts of subjects. */
    private void cold(UnaryOperator<StreamBuilder> change) {
        f = new PartitionFixture(config(change));
        f.exactBytes = 0;
        f.cacheBytes = 1_000;
        f.crash();
        for (int n = 1; n <= MESSAGES; n++) {
            f.publish("s." + n % 7 + ".x", "m" + n);
            if (n % 5 == 0) {
                f.advance(SECOND);
            }
        }
        f.crash();
    }

    private static ConsumerConfig consumer(DeliverPolicy policy, long time, String... filters) {
        return new ConsumerConfig("c", true, "", policy, 0, time, ConsumerConfig.AckPolicy.EXPLICIT, 30 * SECOND, -1, List.of(),
            List.of(filters), false, false, 0, 0, 512, -1, 0, false, false, 0, 0, 0, "", "", 0, 0, false, Map.of());
    }

    private long start(ConsumerConfig c) {
        return f.ask((p, answer) -> p.resolveStart(c, answer));
    }

    private void add(ConsumerConfig c) {
        long start = start(c);
        List<String> added = new ArrayList<>();
        f.partition.run(p -> p.addConsumer(77, c, 0, start, () -> added.add("added")));
        f.settle();
        assertEquals(List.of("added"), added);
    }

    private long pending() {
        List<ConsumerInfo> infos = new ArrayList<>();
        f.partition.run(p -> p.whenCounted(() -> infos.addAll(p.consumerInfos())));
        f.settle();
        return infos.get(0).numPending();
    }

    private MessageRead read(Question question) {
        List<MessageRead> read = new ArrayList<>();
        f.partition.run(p -> question.ask(p, read::add));
        f.settle();
        assertEquals(1, read.size());
        return read.get(0);
    }

    private interface Question {
        void ask(PartitionOperations p, Consumer<MessageRead> whenRead);
    }

    @Test
    void shouldCountForAFilteredConsumerAfterARestart() {
        cold(c -> c);
        f.partition.run(p -> p.deleteMessage(12, there -> { }, why -> { }));
        f.settle();
        add(consumer(DeliverPolicy.ALL, 0, "s.*.x"));
        assertEquals(10, f.pull("c", 10).size());
        f.advance(SECOND);
        ConsumerConfig c = consumer(DeliverPolicy.ALL, 0, "s.*.x");
        f.comingBack = () -> f.partition.run(p -> p.addConsumer(77, c, 0, 1, () -> { }));
        f.crash();
        assertEquals(MESSAGES - 11, pending());
        assertEquals(List.of("m11", "m13"), f.pull("c", 2));
        assertTrue(f.deliveries().get(f.deliveries().size() - 1).endsWith("." + (MESSAGES - 13)), f.deliveries()::toString);
    }

    @Test
    void shouldGoOnServingWhileItCounts() {
        cold(c -> c);
        f.partition.run(p -> p.deleteMessage(12, there -> { }, why -> { }));
        f.settle();
        f.crash();
        ConsumerConfig c = consumer(DeliverPolicy.ALL, 0, "s.*.x");
        f.partition.run(p -> p.addConsumer(77, c, 0, 2, () -> { }));
        List<Long> counted = new ArrayList<>();
        f.partition.run(p -> p.whenCounted(() -> counted.add(p.consumerInfos().get(0).numPending())));
        f.shard.turn();
        PublishAnswer stored = f.publish("s.1.x", "more");
        f.shard.turn();
        f.writer.turn();
        f.shard.turn();
        assertEquals(MESSAGES + 1, stored.sequence(), "while nothing was read");
        assertEquals(List.of(), counted);
        f.settle();
        assertEquals(List.of((long) MESSAGES - 1), counted);
    }

    @Test
    void shouldFindWhereAConsumerBegins() {
        cold(c -> c);
        long third = f.message(3).orElseThrow().timestampNanos();
        assertEquals(1, start(consumer(DeliverPolicy.BY_START_TIME, third)));
        assertEquals(6, start(consumer(DeliverPolicy.BY_START_TIME, third + 1)));
        assertEquals(MESSAGES + 1, start(consumer(DeliverPolicy.BY_START_TIME, Long.MAX_VALUE)));
        assertEquals(MESSAGES, start(consumer(DeliverPolicy.LAST, 0, "s.*.x")));
        assertEquals(59, start(consumer(DeliverPolicy.LAST, 0, "s.3.*")));
        assertEquals(MESSAGES + 1, start(consumer(DeliverPolicy.LAST, 0, "t.*.x")));
        assertEquals(54, start(consumer(DeliverPolicy.LAST_PER_SUBJECT, 0, "s.*.x")));
    }

    @Test
    void shouldBeginWithTheLastMessageOfEachColdSubject() {
        cold(c -> c);
        add(consumer(DeliverPolicy.LAST_PER_SUBJECT, 0, "s.*.x"));
        f.publish("s.4.x", "new");
        f.settle();
        assertEquals(List.of("m54", "m55", "m56", "m57", "m58", "m59", "m60", "new"), f.pull("c", 20));
    }

    @Test
    void shouldNotAddAConsumerThatIsRemovedWhileItsMessagesAreFound() {
        cold(c -> c);
        List<String> told = new ArrayList<>();
        f.partition.run(p -> {
            p.addConsumer(77, consumer(DeliverPolicy.LAST_PER_SUBJECT, 0, "s.*.x"), 0, 1, () -> told.add("added"));
            p.removeConsumer("c");
        });
        f.settle();
        assertEquals(List.of("added"), told);
        assertEquals(0, f.state().consumerCount());
    }

    @Test
    void shouldAnswerQuestionsAboutPatterns() {
        cold(c -> c);
        assertEquals(MESSAGES, read((p, a) -> p.lastMessage("s.*.x", a)).found().orElseThrow().sequence());
        assertEquals(59, read((p, a) -> p.lastMessage("s.3.*", a)).found().orElseThrow().sequence());
        assertEquals(45, read((p, a) -> p.nextMessage(41, "s.3.*", a)).found().orElseThrow().sequence());
        assertEquals(MessageRead.GONE, read((p, a) -> p.lastMessage("t.*", a)));
        Map<String, Long> counts = new TreeMap<>();
        for (int n = 1; n <= MESSAGES; n++) {
            counts.merge("s." + n % 7 + ".x", 1L, Long::sum);
        }
        assertEquals(counts, f.subjectCounts("s.>"));
        assertEquals(counts, f.subjectCounts("s.*.*"));
    }

    @Test
    void shouldFindAMissingSequenceInBatchesThatWereMergedOverGaps() {
        cold(c -> c);
        f.partition.run(p -> p.purge("", 8, 0, n -> { }, why -> { }));
        f.partition.run(p -> p.deleteMessage(30, there -> { }, why -> { }));
        f.settle();
        f.crash();
        assertArrayEquals(new long[] {30}, f.deletedSequences(10));
    }

    @Test
    void shouldKnowTheMessageBeforeARemovedOneOfTheSameSubject() {
        cold(c -> c);
        f.partition.run(p -> p.deleteMessage(59, there -> { }, why -> { }));
        f.settle();
        assertEquals(52, read((p, a) -> p.lastMessage("s.3.x", a)).found().orElseThrow().sequence());
        PublishAnswer wrong = f.publish("s.3.x", "x", "Nats-Expected-Last-Subject-Sequence", "59");
        PublishAnswer right = f.publish("s.3.x", "x", "Nats-Expected-Last-Subject-Sequence", "52");
        f.settle();
        assertTrue(wrong.refusedWith(10071), wrong.text());
        assertEquals(MESSAGES + 1, right.sequence());
    }

    @Test
    void shouldPurgeByFilterAndKeepSome() {
        cold(c -> c);
        List<Long> purged = new ArrayList<>();
        f.partition.run(p -> p.purge("s.3.*", 0, 2, purged::add, why -> { }));
        f.settle();
        assertEquals(List.of(7L), purged);
        assertEquals(Map.of("s.3.x", 2L), f.subjectCounts("s.3.*"));
    }

    @Test
    void shouldTrimSubjectsWhenALimitAboveOneComes() {
        cold(c -> c);
        f.update(c -> {
            c.perSubject = 3;
            return c;
        });
        f.shard.turn();
        f.publish("s.1.x", "while sequences are gathered");
        f.settle();
        Map<String, Long> counts = f.subjectCounts("s.>");
        assertEquals(7, counts.size());
        counts.forEach((subject, n) -> assertEquals(3, n, subject));
        f.publish("s.1.x", "and after");
        f.settle();
        assertEquals(3, f.subjectCounts("s.1.x").get("s.1.x"));
        assertTrue(f.payloads().contains("while sequences are gathered"));
        f.crash();
        assertEquals(21, f.state().messages());
    }

    @Test
    void shouldGiveUpGatheringWhenTheLimitIsTakenBack() {
        cold(c -> c);
        f.update(c -> {
            c.perSubject = 3;
            return c;
        });
        f.shard.turn();
        f.update(c -> {
            c.perSubject = -1;
            return c;
        });
        f.settle();
        assertEquals(MESSAGES, f.state().messages());
        f.publish("s.1.x", "more");
        f.settle();
        assertEquals(MESSAGES + 1, f.state().messages());
    }

    @Test
    void shouldSayWhenThereIsNoMemoryForALimitAboveOne() {
        cold(c -> c);
        StreamConfig three = config(c -> {
            c.perSubject = 3;
            return c;
        });
        assertEquals("", f.partition.operations().noRoomFor(three));
        f.indexBytes = 1_000;
        f.crash();
        assertTrue(f.partition.operations().noRoomFor(three).contains("memphisee.memory.index"), f.partition.operations().noRoomFor(three));
        assertEquals("", f.partition.operations().noRoomFor(config(c -> c)));
    }

    @Test
    void shouldTellWhoWaitsForACountThatTheStreamIsDeleted() {
        cold(c -> c);
        ConsumerConfig c = consumer(DeliverPolicy.ALL, 0, "s.*.x");
        List<String> told = new ArrayList<>();
        f.partition.run(p -> {
            p.addConsumer(77, c, 0, 2, () -> { });
            p.whenCounted(() -> told.add("counted"));
        });
        f.shard.turn();
        assertEquals(List.of(), told);
        f.shard.execute(() -> f.partition.remove(() -> told.add("removed")));
        f.settle();
        assertTrue(told.contains("counted"));
        assertFalse(told.size() > 2);
    }
}

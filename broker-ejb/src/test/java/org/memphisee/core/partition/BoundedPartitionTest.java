package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.core.consumer.PartitionView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.StoredMessage;

/**
 * A partition whose memory for ids and subjects is next to nothing answers as one that has plenty: everything is held
 * against a plain model after each step.
 */
class BoundedPartitionTest {

    private static final List<String> FILTERS = List.of("", "s.>", "s.1.*", "s.*.2", "s.3.3", "s.0.0", "t.>", "s.9.9");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldAnswerAsAPlainModelWithSubjectsKnownByHashOnly(long seed) {
        new Run(seed, 1).play();
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38, 39, 40})
    void shouldAnswerAsAPlainModelWithoutALimitPerSubject(long seed) {
        new Run(seed, -1).play();
    }

    @ParameterizedTest
    @ValueSource(longs = {51, 52, 53, 54, 55})
    void shouldAnswerAsAPlainModelWithSeveralMessagesPerSubject(long seed) {
        new Run(seed, 3).play();
    }

    @Test
    void shouldRemoveTheMessageBeforeWithoutReadingIt() {
        PartitionFixture f = new PartitionFixture(config(c -> {
            c.perSubject = 1;
            return c;
        }));
        f.exactBytes = 0;
        f.cacheBytes = 1_000;
        for (int i = 0; i < 200; i++) {
            f.publish("s." + i, "x".repeat(100));
        }
        f.settle();
        f.crash();
        f.settle();
        for (int i = 0; i < 200; i++) {
            f.publish("s." + i, "y");
        }
        while (f.shard.turn() == 0 || f.writer.turn()) {
            assertTrue(f.reads.isEmpty(), "a record was read");
            f.clock.now = Math.max(f.clock.now, f.shard.takeNap());
        }

        assertTrue(f.reads.isEmpty(), "a record was read");
        f.settle();
        assertEquals(200, f.state().messages());
        assertEquals(200 * MessageBatch.accounted(true, 4, 0, 1), f.state().bytes(), 200 * 2);
    }

    @Test
    void shouldRefuseNewSubjectsWhenTheMemoryIsUsedUpAndTakeKnownOnes() {
        PartitionFixture f = new PartitionFixture(config(c -> c));
        f.indexBytes = 400_000;
        f.exactBytes = 20_000;
        f.crash();
        List<PublishAnswer> answers = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            answers.add(f.publish("s." + i, ""));
            if (i % 500 == 0) {
                f.settle();
            }
        }
        f.settle();
        long stored = f.state().messages();
        assertTrue(stored > 6_000 && stored < 19_000, "stored " + stored);
        assertTrue(answers.get(19_999).refusedWith(10023));
        assertTrue(answers.get(19_999).text().contains("memphisee.memory.index"), answers.get(19_999).text());
        PublishAnswer known = f.publish("s.0", "again");
        f.settle();
        assertEquals(stored + 1, known.sequence());
        f.crash();
        assertEquals(stored + 1, f.state().messages());
        assertEquals(stored, f.state().numSubjects());
    }

    @Test
    void shouldRefuseIdsThatItCannotProtect() {
        PartitionFixture f = new PartitionFixture(config(c -> c));
        f.indexBytes = 10_000;
        f.crash();
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            PublishAnswer a = f.publish("s.1", "", "Nats-Msg-Id", "id-" + i);
            f.settle();
            if (a.text().contains("\"error\"")) {
                assertTrue(a.refusedWith(10023) && a.text().contains("memphisee.memory.index"), a.text());
                refused++;
            }
        }
        assertTrue(refused > 1_000, "refused " + refused);
        PublishAnswer plain = f.publish("s.1", "");
        f.settle();
        assertEquals(2_001 - refused, plain.sequence());
        f.advance(121 * PartitionFixture.SECOND);
        assertTrue(f.index.used() < 8_000, "ids whose window has passed give their memory back: " + f.index.used());
        PublishAnswer later = f.publish("s.1", "", "Nats-Msg-Id", "id-0");
        f.settle();
        assertEquals(2_002 - refused, later.sequence());
    }

    /** One random life of a partition. */
    private static final class Run {
        private final Random random;
        private final int perSubject;
        private final PartitionFixture f;
        private final TreeMap<Long, String> stored = new TreeMap<>();
        private final Map<String, Long> ids = new HashMap<>();
        /** Ids whose batch may have been dropped before a restart. */
        private final Set<Long> mayBeForgotten = new HashSet<>();
        private long last;
        private int number;
        private int turn;

        Run(long seed, int perSubject) {
            this.random = new Random(seed);
            this.perSubject = perSubject;
            this.f = new PartitionFixture(config(c -> {
                c.perSubject = perSubject;
                return c;
            }));
            f.exactBytes = 0;
            f.cacheBytes = random.nextBoolean() ? 500 : 20_000;
            f.crash();
        }

        void play() {
            for (int step = 0; step < 150; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> restart();
                    case 1 -> delete();
                    case 2 -> purge();
                    default -> publish();
                }
                f.settle();
                check("step " + step);
            }
        }

        private void publish() {
            int n = 1 + random.nextInt(40);
            List<PublishAnswer> answers = new ArrayList<>();
            List<String> subjects = new ArrayList<>();
            List<String> given = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                String subject = "s." + random.nextInt(6) + "." + random.nextInt(8);
                String id = random.nextInt(3) == 0 ? "id" + random.nextInt(300) : null;
                subjects.add(subject);
                given.add(id);
                String payload = "p".repeat(random.nextInt(30)) + ++number;
                answers.add(id == null ? f.publish(subject, payload) : f.publish(subject, payload, "Nats-Msg-Id", id));
                if (random.nextInt(5) == 0) {
                    f.settle();
                }
            }
            f.settle();
            for (int i = 0; i < n; i++) {
                long sequence = answers.get(i).sequence();
                Long first = given.get(i) == null ? null : ids.get(given.get(i));
                boolean forgotten = first != null && mayBeForgotten.contains(first) && sequence == last + 1;
                assertEquals(first == null || forgotten ? last + 1 : first, sequence);
                if (first == null || forgotten) {
                    last = sequence;
                    stored.put(sequence, subjects.get(i));
                    if (given.get(i) != null) {
                        ids.put(given.get(i), sequence);
                    }
                    trim(subjects.get(i));
                }
            }
        }

        private void trim(String subject) {
            List<Long> of = stored.entrySet().stream().filter(e -> e.getValue().equals(subject)).map(Map.Entry::getKey).toList();
            if (perSubject > 0 && of.size() > perSubject) {
                stored.remove(of.get(0));
            }
        }

        private void restart() {
            f.advance(PartitionFixture.SECOND / 5);
            f.crash();
            ids.values().stream().filter(s -> !stored.containsKey(s)).forEach(mayBeForgotten::add);
        }

        private void delete() {
            if (last > 0) {
                long sequence = 1 + random.nextLong(last);
                f.shard.execute(() -> f.partition.operations().deleteMessage(sequence, there -> { }, frozen -> { }));
                stored.remove(sequence);
            }
        }

        private void purge() {
            String filter = FILTERS.get(2 + random.nextInt(FILTERS.size() - 2));
            f.shard.execute(() -> f.partition.operations().purge(filter, 0, 0, n -> { }, frozen -> { }));
            stored.values().removeIf(s -> matches(filter, s));
        }

        private static boolean matches(String filter, String subject) {
            byte[] b = subject.getBytes(StandardCharsets.UTF_8);
            return Partition.filter(filter).matches(b, 0, b.length);
        }

        private long count(long from, SubjectFilter filter) {
            return f.ask((p, answer) -> f.partition.view().count(from, filter, new PartitionView.Tally() {
                private long sum;

                @Override
                public void add(long upTo, long matching) {
                    sum += matching;
                }

                @Override
                public void done() {
                    answer.known(sum);
                }

                @Override
                public boolean wanted() {
                    return true;
                }
            }));
        }

        private void check(String step) {
            assertEquals(stored.size(), f.state().messages(), step);
            assertEquals(stored.values().stream().distinct().count(), f.state().numSubjects(), step);
            for (int i = turn++ % 2; i < FILTERS.size(); i += 2) { // each filter every second time: they cost most of the test
                String filter = FILTERS.get(i);
                List<Long> matching = stored.entrySet().stream().filter(e -> matches(filter, e.getValue()))
                    .map(Map.Entry::getKey).toList();
                Map<String, Long> counts = new TreeMap<>();
                Map<String, Long> lasts = new TreeMap<>();
                matching.forEach(s -> {
                    counts.merge(stored.get(s), 1L, Long::sum);
                    lasts.put(stored.get(s), s);
                });
                String what = step + " filter " + filter;
                assertEquals(counts, f.subjectCounts(filter), what);
                SubjectFilter parsed = Partition.filter(filter);
                assertEquals(matching.isEmpty() ? 0 : matching.get(matching.size() - 1),
                    f.<Long>ask((p, answer) -> f.partition.view().lastMatching(parsed, answer)), what);
                assertArrayEquals(lasts.values().stream().mapToLong(Long::longValue).sorted().toArray(),
                    f.<PartitionView.Lasts>ask((p, answer) -> f.partition.view().lastPerSubject(parsed, answer)).sequences(),
                    what);
                long from = 1 + random.nextLong(last + 1);
                assertEquals(matching.stream().filter(s -> s >= from).count(),
                    count(from, parsed), what + " from " + from);
                List<MessageRead> next = new ArrayList<>();
                f.shard.execute(() -> f.partition.operations().nextMessage(from, filter, next::add));
                f.settle();
                assertEquals(matching.stream().filter(s -> s >= from).findFirst(), next.get(0).found().map(StoredMessage::sequence),
                    what + " from " + from);
            }
        }
    }
}

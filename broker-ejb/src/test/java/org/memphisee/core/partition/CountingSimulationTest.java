package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.memphisee.core.consumer.ConsumerInfo;

/**
 * Consumers with filters on a partition that has next to no memory, while everything comes in between of what is being read
 * and counted: messages, removals of all kinds, merges, changed limits, restarts. When all is done, each number is right.
 */
class CountingSimulationTest {

    private static final List<String> NAMES = List.of("all", "one", "two", "few");
    private static final String[][] FILTERS = {{}, {"s.1.a"}, {"s.*.a"}, {"s.2.*", "s.3.b"}};

    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= 60; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldCountRightWhateverComesBetween(long seed) {
        new Run(seed).play();
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final PartitionFixture f;
        private final long perSubject;
        /** Subjects of stored messages by sequence; only right when all is settled. */
        private final NavigableMap<Long, String> stored = new TreeMap<>();
        private int payloads;

        private Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.perSubject = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : -1;
            long maxMsgs = random.nextInt(3) == 0 ? 60 + random.nextInt(100) : -1;
            this.f = new PartitionFixture(config(c -> {
                c.perSubject = perSubject;
                c.maxMsgs = maxMsgs;
                return c;
            }));
            f.exactBytes = random.nextInt(3) == 0 ? 1 << 20 : 0;
            f.cacheBytes = random.nextBoolean() ? 500 : 3_000;
            f.crash();
            for (int i = 0; i < NAMES.size(); i++) {
                f.consumer(NAMES.get(i), FILTERS[i]);
            }
        }

        void play() {
            for (int step = 0; step < 120; step++) {
                switch (random.nextInt(14)) {
                    case 0 -> restart();
                    case 1, 2 -> f.partition.run(p -> p.deleteMessage(any(), there -> { }, why -> { }));
                    case 3 -> f.partition.run(p -> p.purge(subject(), random.nextBoolean() ? any() : 0,
                        0, n -> { }, why -> { }));
                    case 4 -> f.partition.run(p -> p.purge("s.*.b", 0, 1 + random.nextInt(5), n -> { }, why -> { }));
                    case 5 -> f.partition.run(p -> p.whenCounted(() -> { }));
                    case 6 -> f.pull(NAMES.get(random.nextInt(NAMES.size())), 1 + random.nextInt(8));
                    case 7 -> f.acknowledge();
                    case 8 -> readSome();
                    case 9 -> check("step " + step);
                    default -> publish();
                }
                f.shard.turn();
                if (random.nextBoolean()) {
                    f.writer.turn();
                    f.shard.turn();
                }
            }
            check("end");
            restart();
            check("after a restart");
        }

        private void publish() {
            for (int i = random.nextInt(12); i >= 0; i--) {
                f.publish(subject(), "p" + ++payloads);
            }
        }

        private String subject() {
            return "s." + random.nextInt(5) + (random.nextBoolean() ? ".a" : ".b");
        }

        private long any() {
            return 1 + random.nextInt((int) Math.max(1, f.state().lastSeq()));
        }

        /** One of those who read is done, then the shard has its turn. */
        private void readSome() {
            for (int i = random.nextInt(3); i >= 0 && !f.reads.isEmpty(); i--) {
                f.readOne();
                f.shard.turn();
            }
        }

        private void restart() {
            if (random.nextBoolean()) {
                f.settle();
            }
            f.advance(SECOND);
            f.crash();
        }

        private void check(String when) {
            f.settle();
            stored.clear();
            for (long s = 1; s <= f.state().lastSeq(); s++) {
                long sequence = s;
                f.message(s).ifPresent(m -> stored.put(sequence, m.subject()));
            }
            String what = "seed " + seed + " " + when;
            assertEquals(stored.size(), f.state().messages(), what);
            List<ConsumerInfo> infos = new ArrayList<>();
            f.partition.run(p -> p.whenCounted(() -> infos.addAll(p.consumerInfos())));
            f.settle();
            assertEquals(NAMES.size(), infos.size(), what);
            for (ConsumerInfo info : infos) {
                long after = info.deliveredStreamSeq();
                long left = stored.tailMap(after, false).values().stream()
                    .filter(subject -> matches(info.config().filterSubjects(), subject)).count();
                assertEquals(left, info.numPending(), () -> what + " consumer " + info.config().name());
                assertTrue(info.numAckPending() <= stored.headMap(after, true).size(), what);
            }
            Set<String> subjects = new HashSet<>(stored.values());
            assertEquals(subjects, f.subjectCounts("s.*.*").keySet(), what);
            long first = stored.isEmpty() ? 0 : stored.firstKey();
            if (!stored.isEmpty() && f.state().numDeleted() > 0) {
                long[] missing = java.util.stream.LongStream.rangeClosed(first, f.state().lastSeq())
                    .filter(s -> !stored.containsKey(s)).toArray();
                assertArrayEquals(missing, f.deletedSequences(Integer.MAX_VALUE), what);
            }
        }

        private static boolean matches(List<String> filters, String subject) {
            return filters.isEmpty() || filters.stream().anyMatch(filter -> {
                byte[] b = subject.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                return Partition.filter(filter).matches(b, 0, b.length);
            });
        }
    }
}

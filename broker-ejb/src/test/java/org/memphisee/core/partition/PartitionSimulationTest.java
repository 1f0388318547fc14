package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.memphisee.core.partition.log.StoredMessage;

/**
 * A partition under random publishes, deletions, purges, crashes, failing writes and full disks, against a model that
 * knows only the promises: what was acknowledged is there, in order, unchanged, unless something allowed it to go.
 */
class PartitionSimulationTest {

    static List<Long> seeds() {
        String one = System.getProperty("memphisee.seed", "");
        List<Long> seeds = new ArrayList<>();
        for (long s = 1; s <= Integer.getInteger("memphisee.seeds", 300); s++) {
            seeds.add(s);
        }
        return one.isEmpty() ? seeds : List.of(Long.valueOf(one));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldKeepEveryPromiseWhateverHappens(long seed) {
        new Run(seed).play();
    }

    private static final class Run {
        private final Random random;
        private final long seed;
        private final PartitionFixture f;
        private final List<PublishAnswer> waiting = new ArrayList<>();
        private final Map<PublishAnswer, String> sent = new HashMap<>();
        /** What was acknowledged and may not have gone. */
        private final TreeMap<Long, String> promised = new TreeMap<>();
        private final Set<Long> mayBeGone = new HashSet<>();
        private final int perSubject;
        private final int maxMsgs;
        private long highest;
        private int payloads;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.perSubject = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : -1;
            this.maxMsgs = random.nextInt(3) == 0 ? 5 + random.nextInt(60) : -1;
            this.f = new PartitionFixture(config(c -> {
                c.perSubject = perSubject;
                c.maxMsgs = maxMsgs;
                return c;
            }));
            f.inlineBytes = random.nextInt(3) * 400; // from the first crash on
            f.cacheBytes = random.nextBoolean() ? 2_000 : 1 << 20;
            f.exactBytes = random.nextBoolean() ? 0 : 1 << 20;
        }

        void play() {
            for (int step = 0; step < 250; step++) {
                switch (random.nextInt(20)) {
                    case 0 -> crash();
                    case 1 -> delete();
                    case 2 -> purge();
                    case 3 -> f.advance(random.nextInt(3) * SECOND / 10);
                    case 4 -> failWrite();
                    case 5, 6 -> f.settle();
                    case 7 -> f.shard.turn();
                    case 8 -> f.writer.turn();
                    default -> publish(1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 5));
                }
                collect();
            }
            f.settle();
            collect();
            check();
            crash();
            check();
        }

        private void publish(int n) {
            for (int i = 0; i < n; i++) {
                String payload = "p" + ++payloads;
                PublishAnswer a = f.publish("s." + random.nextInt(6), payload);
                waiting.add(a);
                sent.put(a, payload);
            }
        }

        private void failWrite() {
            f.settle();
            collect();
            if (random.nextBoolean()) {
                f.store.free(random.nextInt(500));
                publish(3);
                f.settle();
                collect();
                f.store.free(Long.MAX_VALUE);
            } else {
                f.store.failNextWrite();
                publish(3);
                f.settle();
                collect();
                crash();
            }
        }

        private void crash() {
            collect();
            f.crash();
            waiting.clear();
            collect();
            check();
        }

        private void delete() {
            if (!promised.isEmpty()) {
                long victim = promised.firstKey() + random.nextInt((int) (promised.lastKey() - promised.firstKey()) + 1);
                mayBeGone.add(victim);
                boolean[] gone = new boolean[1];
                f.shard.execute(() -> f.partition.operations().deleteMessage(victim, there -> gone[0] = there,
                    c -> { }));
                if (random.nextBoolean()) {
                    f.settle();
                    collect();
                    promised.remove(victim);
                    assertEquals(Optional.empty(), f.message(victim), this::name);
                }
            }
        }

        private void purge() {
            if (random.nextInt(3) > 0) {
                return;
            }
            f.settle();
            collect();
            String filter = random.nextBoolean() ? "" : "s." + random.nextInt(6);
            long below = random.nextBoolean() ? 0 : 1 + random.nextInt((int) highest + 2);
            promised.keySet().stream().filter(s -> below == 0 || s < below).forEach(mayBeGone::add);
            f.shard.execute(() -> f.partition.operations().purge(filter, below, 0, n -> { }, c -> { }));
            f.settle();
            if (filter.isEmpty() && below == 0) {
                assertEquals(0, f.state().messages(), this::name);
                promised.clear();
            }
        }

        /** Hears what was answered. */
        private void collect() {
            waiting.removeIf(a -> {
                if (a.waiting()) {
                    return false;
                }
                if (!a.text().contains("\"error\"")) {
                    long s = a.sequence();
                    String before = promised.put(s, sent.get(a));
                    assertTrue(before == null, () -> name() + ": sequence " + s + " given twice");
                    highest = Math.max(highest, s);
                }
                return true;
            });
        }

        private void check() {
            f.settle();
            collect();
            StreamState state = f.state();
            assertTrue(state.lastSeq() >= highest, () -> name() + ": last " + state.lastSeq() + " below " + highest);
            highest = state.lastSeq();
            TreeMap<Long, StoredMessage> stored = new TreeMap<>();
            Map<String, Integer> bySubject = new TreeMap<>();
            long bytes = 0;
            for (long s = 1; s <= state.lastSeq(); s++) {
                Optional<StoredMessage> m = f.message(s);
                if (m.isPresent()) {
                    stored.put(s, m.get());
                    bySubject.merge(m.get().subject(), 1, Integer::sum);
                    bytes += 30 + m.get().subject().length() + m.get().payload().length;
                }
            }
            assertEquals(stored.size(), state.messages(), this::name);
            assertEquals(bytes, state.bytes(), this::name);
            assertEquals(stored.isEmpty() ? state.lastSeq() == 0 ? 0 : state.lastSeq() + 1 : stored.firstKey(),
                state.firstSeq(), this::name);
            Map<String, Integer> counted = new TreeMap<>();
            f.subjectCounts("").forEach((k, v) -> counted.put(k, v.intValue()));
            assertEquals(bySubject, counted, this::name);
            limits(stored, bySubject);
            promised.forEach((s, payload) -> {
                StoredMessage m = stored.get(s);
                if (m != null) {
                    assertEquals(payload, new String(m.payload(), StandardCharsets.UTF_8), this::name);
                } else {
                    assertTrue(mayBeGone.contains(s) || perSubject > 0 || maxMsgs > 0,
                        () -> name() + ": acknowledged message " + s + " is lost");
                }
            });
            promised.keySet().retainAll(stored.keySet());
        }

        private void limits(Map<Long, StoredMessage> stored, Map<String, Integer> bySubject) {
            if (maxMsgs > 0) {
                assertTrue(stored.size() <= maxMsgs, this::name);
            }
            if (perSubject > 0) {
                assertTrue(bySubject.values().stream().allMatch(n -> n <= perSubject), () -> name() + bySubject);
            }
        }

        private String name() {
            return "seed " + seed + " (repeat it with -Dmemphisee.seed=" + seed + ")";
        }
    }
}

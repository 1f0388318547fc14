package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.StationFixture.SECOND;

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
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.stream.StreamConfig;

/**
 * Partitions of one station on several shards under publishes with the same message ids, failing writes, full disks, crashes,
 * damage, removal and changed windows: each id is stored once within its window, and who repeats it is told of the message
 * that is stored, or to repeat it.
 */
class StationSimulationTest {

    private static final long WINDOW = 10 * SECOND;
    /** What shards may sleep between sending and taking a message. */
    private static final long NAPS = SECOND / 10;

    static LongStream seeds() {
        String one = System.getProperty("memphisee.seed", "");
        return one.isEmpty() ? LongStream.rangeClosed(1, Integer.getInteger("memphisee.seeds", 300))
            : LongStream.of(Long.parseLong(one));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldStoreEachIdOnceWhateverHappens(long seed) {
        new Run(seed).play();
    }

    private static StationFixture twoPartitions() {
        return new StationFixture(new Random(3), 2, 2, WINDOW, StreamConfig.Storage.FILE, false);
    }

    private static String duplicate(String stream, long sequence) {
        return "{\"stream\":\"" + stream + "\", \"seq\":" + sequence + ",\"duplicate\": true}";
    }

    @Test
    void shouldWaitForTheOtherPartitionsWrite() {
        StationFixture f = twoPartitions();
        PublishAnswer first = f.publish(0, "a");
        f.shards.get(0).turn();
        PublishAnswer again = f.publish(1, "a");
        f.shards.get(1).turn();
        f.shards.get(0).turn();
        assertTrue(again.waiting(), "what is not durable yet is promised to nobody");
        f.settle();
        assertEquals(1, first.sequence());
        assertEquals(duplicate("st$1", 1), again.text());
        assertEquals(0, f.partitions.get(1).state().lastSeq());
    }

    @Test
    void shouldTellToPublishAgainWhenTheOtherPartitionsWriteFails() {
        StationFixture f = twoPartitions();
        f.store.free(10);
        PublishAnswer first = f.publish(0, "a");
        f.shards.get(0).turn();
        PublishAnswer again = f.publish(1, "a");
        f.shards.get(1).turn();
        f.shards.get(0).turn();
        f.settle();
        assertTrue(first.refusedWith(10023), first.text());
        assertTrue(again.refusedWith(10158), again.text());
        assertTrue(again.text().contains("publish it again"), again.text());
        f.store.free(Long.MAX_VALUE);
        PublishAnswer third = f.publish(1, "a");
        f.settle();
        assertEquals("{\"stream\":\"st$2\", \"seq\":1}", third.text());
    }

    @Test
    void shouldAnswerWithWhatAFrozenPartitionHas() {
        StationFixture f = twoPartitions();
        f.publish(0, "a");
        f.settle();
        f.store.failNextWrite();
        PublishAnswer lost = f.publish(0, "b");
        f.settle();
        assertTrue(lost.refusedWith(10077), lost.text());
        PublishAnswer again = f.publish(1, "a");
        f.settle();
        assertEquals(duplicate("st$1", 1), again.text());
    }

    @Test
    void shouldTakeIdsOfAPartitionThatCouldNotBeRecovered() {
        StationFixture f = twoPartitions();
        f.publish(0, "a");
        f.publish(1, "b");
        f.settle();
        f.damaged.add(0);
        f.crash();
        PublishAnswer lost = f.publish(1, "a");
        PublishAnswer again = f.publish(1, "b");
        f.settle();
        assertEquals("{\"stream\":\"st$2\", \"seq\":2}", lost.text());
        assertEquals(duplicate("st$2", 1), again.text());
        f.damaged.clear();
        f.crash();
        PublishAnswer one = f.publish(0, "a");
        PublishAnswer two = f.publish(1, "a");
        f.settle();
        assertEquals(duplicate("st$1", 1), one.text(), "both have it now, and each finds its own");
        assertEquals(duplicate("st$2", 2), two.text());
    }

    @Test
    void shouldGiveUpTheIdsOfAPartitionThatWentOfflineBeforeItWroteThem() {
        StationFixture f = twoPartitions();
        PublishAnswer first = f.publish(0, "a");
        f.escape(0); // in the same turn, before it is written
        f.shards.get(0).turn();
        PublishAnswer again = f.publish(1, "a");
        f.settle();
        assertTrue(first.text().contains("\"error\""), first.text());
        assertEquals("{\"stream\":\"st$2\", \"seq\":1}", again.text());
    }

    /** One random life of a station. */
    private static final class Run {
        private record Sent(int partition, String id, long time) { }

        private record Kept(int partition, long sequence, long time) { }

        private final Random random;
        private final long seed;
        private final int count;
        private final StationFixture f;
        private final boolean file;
        private final Map<PublishAnswer, Sent> waiting = new HashMap<>();
        private final Set<String> deleted = new HashSet<>();
        /** When partitions were offline: ids that they have may be stored again meanwhile. */
        private final List<Kept> damages = new ArrayList<>();
        /** What was acknowledged, by id. */
        private final Map<String, List<Kept>> kept = new TreeMap<>();
        private final Set<Integer> offline = new HashSet<>();
        private long shortest = WINDOW;
        private long longest = WINDOW;
        /** A write failed, or a partition went: who waited for it may be told to repeat. */
        private boolean trouble;
        private boolean frozen;

        Run(long seed) {
            this.seed = seed;
            random = new Random(seed);
            count = 2 + random.nextInt(3);
            file = random.nextInt(5) > 0;
            f = new StationFixture(random, 1 + random.nextInt(3), count, WINDOW,
                file ? StreamConfig.Storage.FILE : StreamConfig.Storage.MEMORY, random.nextBoolean());
        }

        void play() {
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(40)) {
                    case 0 -> crash();
                    case 1 -> failWrite();
                    case 2 -> delete();
                    case 3 -> remove();
                    case 4 -> changeWindow();
                    case 5 -> escape();
                    case 6, 7 -> advance(random.nextLong(WINDOW / 8));
                    case 8 -> advance(random.nextLong(WINDOW * 2));
                    case 9, 10, 11 -> settle();
                    case 12, 13, 14 -> f.writer.turn();
                    case 15, 16, 17, 18, 19, 20 -> f.shards.get(random.nextInt(f.shards.size())).turn();
                    default -> publish(1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 4));
                }
                collect();
            }
            settle();
            check();
            crash();
            check();
        }

        private void publish(int n) {
            for (int i = 0; i < n; i++) {
                int partition = random.nextInt(count);
                if (!f.removed.contains(partition)) {
                    String id = "id" + random.nextInt(30);
                    waiting.put(f.publish(partition, id), new Sent(partition, id, f.clock.wallNanos()));
                }
            }
        }

        private void settle() {
            f.settle();
            collect();
            waiting.forEach((answer, sent) -> assertTrue(f.removed.contains(sent.partition), () -> name() + " no answer to " + sent));
            waiting.clear();
            trouble = false;
        }

        private void advance(long nanos) {
            settle();
            f.clock.now += nanos;
            settle();
        }

        private void crash() {
            collect();
            waiting.clear();
            restart();
            offline.clear();
            frozen = false;
            reload();
            check();
            if (file && random.nextInt(3) == 0) {
                int damaged = random.nextInt(count);
                damages.add(new Kept(damaged, 0, f.clock.wallNanos()));
                f.damaged.add(damaged);
                offline.add(damaged);
                restart();
                f.damaged.clear();
            }
        }

        private void restart() {
            f.crash();
            if (!file) {
                kept.clear();
                deleted.clear();
            }
        }

        private void failWrite() {
            if (!file || frozen) {
                return;
            }
            settle();
            trouble = true;
            if (random.nextBoolean()) {
                f.store.free(random.nextInt(1_000));
                publish(1 + random.nextInt(10));
                for (int i = 0; i < 6; i++) {
                    f.shards.get(random.nextInt(f.shards.size())).turn();
                    publish(random.nextInt(3));
                    if (random.nextInt(3) == 0) {
                        f.writer.turn();
                    }
                }
                f.settle();
                collect();
                f.store.free(Long.MAX_VALUE);
            } else {
                f.store.failNextWrite();
                publish(1 + random.nextInt(10));
                for (int i = 0; i < 6; i++) {
                    f.shards.get(random.nextInt(f.shards.size())).turn();
                    publish(random.nextInt(3));
                }
                f.settle();
                collect();
                frozen = true;
            }
            settle();
        }

        private void escape() {
            int partition = random.nextInt(count);
            if (random.nextInt(4) == 0 && !f.removed.contains(partition)) {
                trouble = true;
                offline.add(partition);
                f.escape(partition);
            }
        }

        private void delete() {
            settle();
            List<String> ids = List.copyOf(kept.keySet());
            if (!ids.isEmpty()) {
                Kept victim = kept.get(ids.get(random.nextInt(ids.size()))).get(0);
                if (!f.removed.contains(victim.partition)) {
                    deleted.add(victim.partition + ":" + victim.sequence);
                    f.partitions.get(victim.partition).run(p -> p.deleteMessage(victim.sequence, there -> { }, c -> { }));
                }
            }
        }

        private void remove() {
            int partition = random.nextInt(count);
            if (random.nextInt(4) == 0 && f.removed.size() < count - 1 && !f.removed.contains(partition)) {
                collect();
                trouble = true;
                f.remove(partition);
                kept.values().forEach(of -> of.removeIf(k -> k.partition == partition));
                kept.values().removeIf(List::isEmpty);
            }
        }

        private void changeWindow() {
            int partition = random.nextInt(count);
            if (seed % 3 == 0 && !f.removed.contains(partition)) {
                settle();
                long window = WINDOW / 2 + random.nextLong(WINDOW);
                shortest = Math.min(shortest, window);
                longest = Math.max(longest, window);
                trouble = true; // a question under way meets another window than its publish did
                f.window(partition, window);
            }
        }

        /** Hears what was answered. */
        private void collect() {
            List<PublishAnswer> heard = waiting.keySet().stream().filter(a -> !a.waiting()).toList();
            // stored ones first: a duplicate may be heard before them
            heard.stream().filter(a -> !a.text().contains("\"error\"") && !a.text().contains("duplicate")).forEach(this::stored);
            heard.stream().filter(a -> a.text().contains("\"duplicate\"")).forEach(this::duplicate);
            heard.stream().filter(a -> a.text().contains("\"error\"")).forEach(this::refused);
            waiting.keySet().removeAll(heard);
        }

        private void stored(PublishAnswer a) {
            Sent sent = waiting.get(a);
            assertEquals(sent.partition, partition(a), this::name);
            if (!f.removed.contains(sent.partition)) {
                keep(sent.id, new Kept(sent.partition, a.sequence(), sent.time));
            }
        }

        private void keep(String id, Kept now) {
            List<Kept> of = kept.computeIfAbsent(id, k -> new ArrayList<>());
            if (of.stream().anyMatch(k -> k.partition == now.partition && k.sequence == now.sequence)) {
                return;
            }
            for (Kept other : of) {
                assertTrue(Math.abs(now.time - other.time) >= shortest - NAPS || excused(other, now) || excused(now, other)
                        || deleted.contains(other.partition + ":" + other.sequence),
                    () -> name() + ": " + id + " is stored twice, as " + other + " and " + now);
            }
            of.add(now);
        }

        private boolean excused(Kept first, Kept second) {
            return damages.stream().anyMatch(d -> d.partition == first.partition && first.time <= d.time
                && d.time <= second.time);
        }

        private void duplicate(PublishAnswer a) {
            Sent sent = waiting.get(a);
            int partition = partition(a);
            long sequence = a.sequence();
            if (f.removed.contains(partition)) {
                return;
            }
            assertTrue(kept.getOrDefault(sent.id, List.of()).stream()
                    .anyMatch(k -> k.partition == partition && k.sequence == sequence
                        && sent.time - k.time <= longest + longest / 64),
                () -> name() + ": " + sent + " was answered with " + a.text() + ", there are " + kept.get(sent.id));
        }

        private void refused(PublishAnswer a) {
            Sent sent = waiting.get(a);
            String what = name() + " " + sent + " " + a.text();
            if (a.refusedWith(10158)) {
                assertTrue(trouble || frozen, what);
            } else if (a.refusedWith(10023)) {
                assertTrue(trouble, what);
            } else if (a.refusedWith(10077)) {
                assertTrue(trouble || frozen || offline.contains(sent.partition), what);
            } else if (a.refusedWith(10059)) {
                assertTrue(f.removed.contains(sent.partition), what);
            } else {
                assertTrue(a.refusedWith(10118) && offline.contains(sent.partition), what);
            }
        }

        private static int partition(PublishAnswer a) {
            String t = a.text();
            return Integer.parseInt(t.substring(t.indexOf('$') + 1, t.indexOf("\", "))) - 1;
        }

        /** What is stored and was not acknowledged, because the process died first, counts too. */
        private void reload() {
            for (int p = 0; p < count; p++) {
                for (long s = 1; !f.removed.contains(p) && s <= f.partitions.get(p).state().lastSeq(); s++) {
                    Optional<StoredMessage> m = f.message(p, s);
                    if (m.isPresent()) {
                        keep(new String(m.get().payload(), StandardCharsets.UTF_8), new Kept(p, s, m.get().timestampNanos()));
                    }
                }
            }
        }

        /** What was acknowledged is there. */
        private void check() {
            settle();
            reload();
            kept.forEach((id, of) -> of.forEach(k -> {
                if (!offline.contains(k.partition) && !deleted.contains(k.partition + ":" + k.sequence)) {
                    assertEquals(Optional.of(id), f.message(k.partition, k.sequence)
                        .map(m -> new String(m.payload(), StandardCharsets.UTF_8)), () -> name() + " " + k);
                }
            }));
        }

        private String name() {
            return "seed " + seed + " (repeat it with -Dmemphisee.seed=" + seed + ")";
        }
    }
}

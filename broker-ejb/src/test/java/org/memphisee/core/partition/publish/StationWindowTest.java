package org.memphisee.core.partition.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import org.memphisee.core.append.Shard;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.publish.IdWindow.Claim;
import org.memphisee.core.time.TestClock;
import org.memphisee.port.PublishRequest;

class StationWindowTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long WINDOW = 120 * SECOND;
    private static final int PARTITIONS = 3;

    private final IndexBudget budget = new IndexBudget(64 << 20);
    private final TestClock clock = new TestClock();
    private final Shard shard = new Shard(0, clock, () -> { }, (s, e) -> { }, 1);
    private final StationWindow station = new StationWindow(budget);
    private final WindowShare[] shares = new WindowShare[PARTITIONS];
    private final long[] last = new long[PARTITIONS];

    private void join() {
        for (int p = 0; p < PARTITIONS; p++) {
            shares[p] = station.join(shard, WINDOW, (sequence, r, origin) -> true);
        }
    }

    /** The sequence if it was new, 0 if the partition has it already, {@code ELSEWHERE}. */
    private long publish(int p, String id) {
        long found = shares[p].find(id, clock.wallNanos());
        if (found != 0) {
            return found > 0 ? 0 : found;
        }
        Claim claim = shares[p].claim(last[p] + 1, clock.wallNanos());
        assertTrue(claim != Claim.NO_ROOM, "there is room");
        return claim == Claim.ELSEWHERE ? IdWindow.ELSEWHERE : ++last[p];
    }

    private void recover(int p, String id, long sequence, long time) {
        byte[] b = id.getBytes(StandardCharsets.UTF_8);
        shares[p].recovered(b, 0, b.length, sequence, time);
    }

    @Test
    void shouldGrantAnIdToOnePartitionUntilItsWindowHasPassed() {
        join();
        assertEquals(1, publish(0, "a"));
        assertEquals(IdWindow.ELSEWHERE, publish(1, "a"));
        assertEquals(0, publish(0, "a"));
        clock.now += WINDOW - 1;
        assertEquals(IdWindow.ELSEWHERE, publish(2, "a"));
        clock.now += 1;
        assertEquals(1, publish(2, "a"));
        assertEquals(IdWindow.ELSEWHERE, publish(0, "a"));
    }

    @Test
    void shouldNoticeThatAnotherWasFasterBetweenLookingAndClaiming() {
        join();
        assertEquals(0, shares[0].find("a", clock.wallNanos()));
        assertEquals(1, publish(1, "a"));
        assertEquals(Claim.ELSEWHERE, shares[0].claim(1, clock.wallNanos()));
        shares[1].takeBack(1, List.of(new MessageId("a", 1, clock.wallNanos())));
        assertEquals(1, publish(0, "a"));
    }

    @Test
    void shouldAgreeWithAMapUnderRandomPublishesPausesTakingBackAndWindows() {
        join();
        Random random = new Random(12);
        Map<String, Integer> partitions = new HashMap<>();
        Map<String, Long> sequences = new HashMap<>();
        Map<String, Long> times = new HashMap<>();
        long[] windows = {WINDOW, WINDOW, WINDOW};
        for (int step = 0; step < 200_000; step++) {
            String id = "id-" + random.nextInt(20_000);
            int p = random.nextInt(PARTITIONS);
            Integer holder = partitions.get(id);
            long age = holder == null ? 0 : clock.wallNanos() - times.get(id);
            long result = publish(p, id);
            if (holder != null && age < windows[holder]) {
                assertEquals(holder == p ? 0 : IdWindow.ELSEWHERE, result, "step " + step);
            } else if (holder != null && result <= 0) {
                assertEquals(holder == p ? 0 : IdWindow.ELSEWHERE, result, "step " + step);
                assertTrue(age <= windows[holder] + WINDOW / 64, "forgotten a little late: step " + step + " " + age);
            } else {
                assertEquals(last[p], result, "step " + step);
                partitions.put(id, p);
                sequences.put(id, result);
                times.put(id, clock.wallNanos());
            }
            clock.now += random.nextInt(100) == 0 ? random.nextLong(WINDOW / 40) : random.nextInt(10_000_000);
            if (random.nextInt(500) == 0) {
                takeBack(random.nextInt(PARTITIONS), random.nextInt(10), partitions, sequences, times);
            } else if (random.nextInt(5_000) == 0) {
                int changed = random.nextInt(PARTITIONS);
                long next = WINDOW / (1 + random.nextInt(4));
                if (next > windows[changed]) {
                    clock.now += 2 * WINDOW; // a longer window may bring back what a shorter one had made old
                }
                windows[changed] = next;
                shares[changed].window(next);
            }
        }
        clock.now += WINDOW + WINDOW / 256 + 1;
        assertEquals(Long.MAX_VALUE, station.expire(clock.wallNanos()));
        assertEquals(0, budget.used(), "what is old gives its memory back");
    }

    private void takeBack(int p, int n, Map<String, Integer> partitions, Map<String, Long> sequences,
                          Map<String, Long> times) {
        long from = Math.max(1, last[p] + 1 - n);
        List<MessageId> ids = new ArrayList<>();
        sequences.forEach((id, sequence) -> {
            if (Integer.valueOf(p).equals(partitions.get(id)) && sequence >= from) {
                ids.add(new MessageId(id, sequence, times.get(id)));
            }
        });
        shares[p].takeBack(from, ids);
        ids.forEach(id -> {
            partitions.remove(id.id());
            sequences.remove(id.id());
        });
        last[p] = from - 1;
    }

    @Test
    void shouldGiveUpAClaimToAMessageThatItsPartitionNeverWrites() {
        shares[0] = station.join(shard, WINDOW, (sequence, r, origin) -> false);
        shares[1] = station.join(shard, WINDOW, (sequence, r, origin) -> true);
        assertEquals(1, publish(0, "a"));
        assertEquals(IdWindow.ELSEWHERE, publish(1, "a"));
        assertTrue(shares[1].refer(new PublishRequest(new byte[] {'r'}, 0, 0, 0, 1, 1, 0, 0), PublishOrigin.NOBODY));
        assertEquals(IdWindow.ELSEWHERE, publish(1, "a"));
        shard.turn();
        assertEquals(1, publish(1, "a"));
    }

    @Test
    void shouldKnowAgainWhatPartitionsHadInWhateverOrderTheyAreRecovered() {
        join();
        long begin = clock.wallNanos();
        clock.now += WINDOW / 2;
        for (int p : new int[] {1, 2, 0}) {
            for (int i = 0; i < 5_000; i++) {
                recover(p, "p" + p + "-" + i, i + 1, begin + i * (WINDOW / 10_000));
            }
            recover(p, "all have it", 5_001, begin + WINDOW / 2);
            last[p] = 5_001;
        }
        assertEquals(0, publish(2, "all have it"), "each partition finds its own first");
        assertEquals(0, publish(0, "all have it"));
        for (int i = 0; i < 5_000; i++) {
            assertEquals(0, publish(1, "p1-" + i));
            assertEquals(IdWindow.ELSEWHERE, publish(1, "p0-" + i));
        }
        assertTrue(station.bytes() < 15_000 * 100, "few generations: " + station.bytes());
        assertEquals(station.bytes(), budget.used());
        clock.now += WINDOW / 2 + WINDOW / 100;
        assertEquals(5_002, publish(2, "p1-0"), "the oldest are forgotten in their time");
        assertEquals(IdWindow.ELSEWHERE, publish(2, "p1-4999"));
    }

    @Test
    void shouldForgetThePartitionThatLeftAndGiveAllMemoryBackWithTheLast() {
        join();
        publish(0, "a");
        publish(1, "b");
        shares[0].close();
        assertEquals(1, publish(2, "a"));
        assertEquals(IdWindow.ELSEWHERE, publish(2, "b"));
        shares[0].close();
        shares[1].close();
        assertTrue(budget.used() > 0);
        shares[2].close();
        assertEquals(0, budget.used());
    }

    @Test
    void shouldGiveTheMemoryBackWhenNobodyPublishesAnyMoreAlsoAfterThePartitionLeftThatTookIt() {
        join();
        for (int i = 0; i < 1_000; i++) {
            publish(0, "id" + i);
        }
        shares[0].close();
        assertTrue(budget.used() > 0);
        for (int i = 0; i < 20; i++) {
            shard.turn();
            clock.now += WINDOW / 10;
        }
        shard.turn();
        assertEquals(0, budget.used());
    }

    @Test
    void shouldRefuseIdsWhenTheBudgetIsUsedUpAndTakeThemAgainLater() {
        StationWindow small = new StationWindow(new IndexBudget(200_000));
        WindowShare a = small.join(shard, WINDOW, (sequence, r, origin) -> true);
        WindowShare b = small.join(shard, WINDOW, (sequence, r, origin) -> true);
        int taken = 0;
        while (a.find("id-" + taken, clock.wallNanos()) == 0
            && a.claim(taken + 1, clock.wallNanos()) == Claim.GRANTED) {
            taken++;
        }
        assertTrue(taken > 4_000, "taken " + taken);
        assertEquals(IdWindow.ELSEWHERE, b.find("id-0", clock.wallNanos()), "what was taken stays protected");
        clock.now += WINDOW + WINDOW / 256 + 1;
        assertEquals(0, b.find("id-0", clock.wallNanos()));
        assertEquals(Claim.GRANTED, b.claim(1, clock.wallNanos()));
    }

    @Test
    void shouldGrantNoPartitionAnIdWhileOneThatIsStoredHasNoRoom() {
        StationWindow small = new StationWindow(new IndexBudget(10_000));
        WindowShare a = small.join(shard, WINDOW, (sequence, r, origin) -> true);
        WindowShare b = small.join(shard, WINDOW, (sequence, r, origin) -> true);
        long begin = clock.wallNanos();
        for (int i = 0; i < 5_000; i++) {
            byte[] id = ("id-" + i).getBytes(StandardCharsets.UTF_8);
            a.recovered(id, 0, id.length, i + 1, begin + i);
        }
        clock.now += 5_000;
        b.find("new", clock.wallNanos());
        assertEquals(Claim.NO_ROOM, b.claim(1, clock.wallNanos()));
        clock.now += WINDOW + WINDOW / 256;
        b.find("new", clock.wallNanos());
        assertEquals(Claim.GRANTED, b.claim(1, clock.wallNanos()));
    }

    @Test
    void shouldLoseNoClaimBetweenThreads() throws Exception {
        int threads = 4;
        int ids = 60_000;
        IndexBudget large = new IndexBudget(256 << 20);
        StationWindow shared = new StationWindow(large);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier together = new CyclicBarrier(threads);
            List<Future<BitSet>> granted = new ArrayList<>();
            List<WindowShare> joined = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                joined.add(shared.join(new Shard(t, clock, () -> { }, (s, e) -> { }, 1), WINDOW, (s, r, o) -> true));
            }
            for (WindowShare share : joined) {
                granted.add(pool.submit(() -> claimAll(share, ids, together)));
            }
            BitSet all = new BitSet();
            int sum = 0;
            for (Future<BitSet> one : granted) {
                BitSet mine = one.get(30, TimeUnit.SECONDS);
                sum += mine.cardinality();
                all.or(mine);
            }
            assertEquals(ids, all.cardinality(), "each id is granted to somebody");
            assertEquals(ids, sum, "and to nobody else");
            assertEquals(shared.bytes(), large.used());
        } finally {
            pool.shutdownNow();
        }
    }

    /** Tries to have all ids; now and then gives one back, that it must be able to have again or somebody else has. */
    private BitSet claimAll(WindowShare share, int ids, CyclicBarrier together) throws Exception {
        BitSet mine = new BitSet();
        Random random = new Random(share.hashCode());
        long sequence = 0;
        for (int i = 0; i < ids; i++) {
            if (i % 1_000 == 0) {
                together.await(20, TimeUnit.SECONDS); // all try the same ones
            }
            String id = "id-" + i;
            long now = clock.wallNanos() + i * 1_000_000L;
            while (share.find(id, now) == 0) {
                Claim claim = share.claim(++sequence, now);
                if (claim == Claim.GRANTED && random.nextInt(10) == 0) {
                    share.takeBack(sequence, List.of(new MessageId(id, sequence, now)));
                } else if (claim == Claim.GRANTED) {
                    mine.set(i);
                }
            }
        }
        return mine;
    }
}

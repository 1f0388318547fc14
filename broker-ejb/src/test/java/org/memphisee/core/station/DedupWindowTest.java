package org.memphisee.core.station;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.memphisee.core.append.Shard;
import org.memphisee.core.time.BrokerClock;

class DedupWindowTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long WINDOW = 120 * SECOND;
    /** It never turns: what goes by its timer is tested with a partition. */
    private static final Shard SHARD = new Shard(0, BrokerClock.SYSTEM, () -> { }, (s, e) -> { }, 1);

    private final IndexBudget budget = new IndexBudget(64 << 20);
    private final DedupWindow dedup = new DedupWindow(budget, SHARD);
    private long now = 1_700_000_000L * SECOND;
    private long sequence;

    private boolean publish(String id) {
        if (dedup.find(id, now, WINDOW) != 0 || !dedup.room(sequence + 1, now, WINDOW)) {
            return false;
        }
        dedup.add(++sequence, now, WINDOW);
        return true;
    }

    @Test
    void shouldFindAnIdUntilItsWindowHasPassed() {
        assertTrue(publish("a"));
        now += WINDOW - 1;
        assertEquals(1, dedup.find("a", now, WINDOW));
        assertEquals(0, dedup.find("b", now, WINDOW));
        now += 1;
        assertEquals(0, dedup.find("a", now, WINDOW));
        assertEquals(0, budget.used(), "a generation whose window has passed gives its memory back");
    }

    @Test
    void shouldAgreeWithAMapUnderRandomPublishesPausesAndTakingBack() {
        Random random = new Random(11);
        Map<String, Long> sequences = new HashMap<>();
        Map<String, Long> times = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            String id = "id-" + random.nextInt(40_000);
            long found = dedup.find(id, now, WINDOW);
            Long time = times.get(id);
            if (time != null && now - time < WINDOW) {
                assertEquals(sequences.get(id), found, "step " + step);
            } else if (found != 0) {
                // forgotten a little later than the window says, never earlier
                assertEquals(sequences.get(id), found, "step " + step);
                assertTrue(now - time <= WINDOW + WINDOW / 256, "step " + step);
            }
            if (found == 0) {
                assertTrue(dedup.room(sequence + 1, now, WINDOW));
                dedup.add(++sequence, now, WINDOW);
                sequences.put(id, sequence);
                times.put(id, now);
            }
            now += random.nextInt(100) == 0 ? random.nextLong(WINDOW / 40) : random.nextInt(10_000_000);
            if (random.nextInt(500) == 0 && sequence > 10) {
                long from = sequence - random.nextInt(10);
                dedup.forgetFrom(from);
                sequences.values().removeIf(s -> s >= from);
                times.keySet().retainAll(sequences.keySet());
                sequence = from - 1;
            }
        }
    }

    @Test
    void shouldTakeTheMemoryItAccountsForAndNoMore() {
        int ids = 1_000_000;
        long before = usedHeap();
        for (int i = 0; i < ids; i++) {
            assertTrue(publish("0123456789abcdef0123456789abcdef-" + i));
            now += 20_000;
        }
        long measured = usedHeap() - before;

        assertEquals(budget.used(), dedup.bytes());
        assertTrue(dedup.bytes() < 45L * ids, "accounted " + dedup.bytes());
        assertTrue(measured < dedup.bytes() * 2 + (16 << 20), measured + " bytes measured, accounted " + dedup.bytes());
        assertEquals(1, dedup.find("0123456789abcdef0123456789abcdef-0", now, WINDOW));
        assertEquals(ids, dedup.find("0123456789abcdef0123456789abcdef-" + (ids - 1), now, WINDOW));
    }

    @Test
    void shouldRefuseIdsWhenTheBudgetIsUsedUpAndTakeThemAgainLater() {
        DedupWindow small = new DedupWindow(new IndexBudget(100_000), SHARD);
        int taken = 0;
        while (small.find("id-" + taken, now, WINDOW) == 0 && small.room(taken + 1, now, WINDOW)) {
            small.add(++taken, now, WINDOW);
        }
        assertTrue(taken > 4_000, "taken " + taken);
        assertEquals(1, small.find("id-0", now, WINDOW), "what was taken stays protected");
        now += WINDOW + 1;
        assertEquals(0, small.find("id-0", now, WINDOW));
        assertTrue(small.room(taken + 1, now, WINDOW));
    }

    @Test
    void shouldRefuseIdsAfterARestartWithLessMemoryUntilTheyAreOld() {
        DedupWindow small = new DedupWindow(new IndexBudget(10_000), SHARD);
        for (int i = 0; i < 5_000; i++) {
            byte[] id = ("id-" + i).getBytes(StandardCharsets.UTF_8);
            small.recovered(id, 0, id.length, i + 1, now + i, WINDOW);
        }
        now += 5_000;
        small.find("new", now, WINDOW);
        assertFalse(small.room(5_001, now, WINDOW));
        now += WINDOW;
        small.find("new", now, WINDOW);
        assertTrue(small.room(5_001, now, WINDOW));
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}

package org.memphisee.core.partition.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.memphisee.core.append.Shard;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.time.BrokerClock;

class DedupWindowTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long WINDOW = 120 * SECOND;
    /** It never turns: what goes by its timer is tested with a partition. */
    private static final Shard SHARD = new Shard(0, BrokerClock.SYSTEM, () -> { }, (s, e) -> { }, 1);

    private final IndexBudget budget = new IndexBudget(64 << 20);
    private final DedupWindow dedup = new DedupWindow(budget, SHARD, WINDOW);
    private long now = 1_700_000_000L * SECOND;
    private long sequence;

    private boolean publish(String id) {
        if (dedup.find(id, now) != 0 || dedup.claim(sequence + 1, now) != IdWindow.Claim.GRANTED) {
            return false;
        }
        sequence++;
        return true;
    }

    @Test
    void shouldFindAnIdUntilItsWindowHasPassed() {
        assertTrue(publish("a"));
        now += WINDOW - 1;
        assertEquals(1, dedup.find("a", now));
        assertEquals(0, dedup.find("b", now));
        now += 1;
        assertEquals(0, dedup.find("a", now));
        assertEquals(0, budget.used(), "a generation whose window has passed gives its memory back");
    }

    @Test
    void shouldAgreeWithAMapUnderRandomPublishesPausesAndTakingBack() {
        Random random = new Random(11);
        Map<String, Long> sequences = new HashMap<>();
        Map<String, Long> times = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            String id = "id-" + random.nextInt(40_000);
            long found = dedup.find(id, now);
            Long time = times.get(id);
            if (time != null && now - time < WINDOW) {
                assertEquals(sequences.get(id), found, "step " + step);
            } else if (found != 0) {
                // forgotten a little later than the window says, never earlier
                assertEquals(sequences.get(id), found, "step " + step);
                assertTrue(now - time <= WINDOW + WINDOW / 256, "step " + step);
            }
            if (found == 0) {
                assertEquals(IdWindow.Claim.GRANTED, dedup.claim(++sequence, now));
                sequences.put(id, sequence);
                times.put(id, now);
            }
            now += random.nextInt(100) == 0 ? random.nextLong(WINDOW / 40) : random.nextInt(10_000_000);
            if (random.nextInt(500) == 0 && sequence > 10) {
                long from = sequence - random.nextInt(10);
                dedup.takeBack(from, List.of());
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
        assertEquals(1, dedup.find("0123456789abcdef0123456789abcdef-0", now));
        assertEquals(ids, dedup.find("0123456789abcdef0123456789abcdef-" + (ids - 1), now));
    }

    @Test
    void shouldRefuseIdsWhenTheBudgetIsUsedUpAndTakeThemAgainLater() {
        DedupWindow small = new DedupWindow(new IndexBudget(100_000), SHARD, WINDOW);
        int taken = 0;
        while (small.find("id-" + taken, now) == 0 && small.claim(taken + 1, now) == IdWindow.Claim.GRANTED) {
            taken++;
        }
        assertTrue(taken > 4_000, "taken " + taken);
        assertEquals(1, small.find("id-0", now), "what was taken stays protected");
        now += WINDOW + 1;
        assertEquals(0, small.find("id-0", now));
        assertEquals(IdWindow.Claim.GRANTED, small.claim(taken + 1, now));
    }

    @Test
    void shouldRefuseIdsAfterARestartWithLessMemoryUntilTheyAreOld() {
        DedupWindow small = new DedupWindow(new IndexBudget(10_000), SHARD, WINDOW);
        for (int i = 0; i < 5_000; i++) {
            byte[] id = ("id-" + i).getBytes(StandardCharsets.UTF_8);
            small.recovered(id, 0, id.length, i + 1, now + i);
        }
        now += 5_000;
        small.find("new", now);
        assertEquals(IdWindow.Claim.NO_ROOM, small.claim(5_001, now));
        now += WINDOW;
        small.find("new", now);
        assertEquals(IdWindow.Claim.GRANTED, small.claim(5_001, now));
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}

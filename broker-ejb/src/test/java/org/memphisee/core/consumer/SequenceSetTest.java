package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceSetTest {

    private static final int BLOCK = SequenceSet.BLOCK;

    private final SequenceSet set = new SequenceSet();

    /** Sparse, dense and full blocks that grow and shrink. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldBeWhatASetIs(long seed) {
        Random random = new Random(seed);
        TreeSet<Long> model = new TreeSet<>();
        for (int round = 0; round < 40; round++) {
            long from = 1 + random.nextInt(4) * (long) BLOCK + random.nextInt(BLOCK);
            int length = random.nextInt(1 << random.nextInt(18));
            int step = 1 + random.nextInt(3);
            boolean adding = random.nextInt(5) > 1;
            for (long sequence = from; sequence < from + length; sequence += step) {
                assertEquals(adding ? model.add(sequence) : model.remove(sequence),
                    adding ? set.add(sequence) : set.remove(sequence));
            }
            assertEquals(model.size(), set.size());
            for (int i = 0; i < 200; i++) {
                long asked = 1 + random.nextInt(6 * BLOCK);
                Long next = model.ceiling(asked);
                assertEquals(next == null ? SequenceSet.NONE : next, set.next(asked));
                assertEquals(model.contains(asked), set.contains(asked));
            }
        }
        long walked = SequenceSet.NONE;
        for (long expected : model) {
            walked = set.next(walked + 1);
            assertEquals(expected, walked);
        }
    }

    @Test
    void shouldCostNothingForAFullBlockAndTakeOneOutOfIt() {
        for (long sequence = BLOCK; sequence < 2L * BLOCK; sequence++) {
            assertTrue(set.add(sequence));
        }
        assertTrue(set.heapBytes() < 200, () -> set.heapBytes() + " bytes");
        assertFalse(set.add(BLOCK + 7));
        assertTrue(set.remove(BLOCK + 7));
        assertEquals(BLOCK + 8, set.next(BLOCK + 7));
        assertFalse(set.contains(BLOCK + 7));
        assertEquals(BLOCK - 1, set.size());
        assertTrue(set.add(BLOCK + 7));
        assertTrue(set.heapBytes() < 200, () -> set.heapBytes() + " bytes");
    }

    @Test
    void shouldGiveItsMemoryBack() {
        for (long sequence = 1; sequence <= 10_000_000; sequence += 100) {
            set.add(sequence);
        }
        for (long sequence = 1; sequence <= 10_000_000; sequence += 100) {
            set.remove(sequence);
        }
        assertEquals(0, set.blocks());
        assertTrue(set.heapBytes() < 5_000, () -> set.heapBytes() + " bytes");
    }

    @Test
    void shouldHoldTheHighestSequences() {
        assertTrue(set.add(Long.MAX_VALUE));
        assertTrue(set.add(1));
        assertEquals(1, set.next(1));
        assertEquals(Long.MAX_VALUE, set.next(2));
        assertFalse(set.contains(2));
    }
}

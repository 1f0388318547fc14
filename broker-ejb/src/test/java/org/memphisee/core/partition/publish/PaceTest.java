package org.memphisee.core.partition.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MILLI = 1_000_000;
    private static final long MICRO = 1_000;

    private final Pace pace = new Pace();

    private void wrote(long began, long ended, int stored, int gathered) {
        pace.submitted(began);
        pace.written(ended, stored, gathered);
    }

    private boolean writes(long now, int gathered) {
        return pace.waits(now, gathered) <= now;
    }

    @Test
    void shouldNeverDelayAPublisherThatWaitsAloneForItsAcknowledgements() {
        assertTrue(writes(0, 1), "the first");
        wrote(0, MILLI, 1, 0);
        assertTrue(writes(MILLI + 10 * MICRO, 1), "the next");
        wrote(2 * MILLI, 3 * MILLI, 1, 1);
        assertTrue(writes(3 * MILLI, 1), "two that take turns");
    }

    @Test
    void shouldLetASteadyStreamGatherForHalfAsLongAsTheWriteTook() {
        wrote(0, 600 * MICRO, 6, 6);
        assertEquals(900 * MICRO, pace.waits(600 * MICRO, 6));
        assertEquals(900 * MICRO, pace.waits(800 * MICRO, 30), "however many come");
        assertTrue(writes(900 * MICRO, 12));
    }

    @Test
    void shouldWriteWhenAllThatWereAnsweredOrWaitingAreHere() {
        wrote(0, MILLI, 31, 1);
        long now = MILLI + 10 * MICRO;
        assertTrue(!writes(now, 1));
        assertTrue(!writes(now + 50 * MICRO, 31));
        assertTrue(writes(now + 60 * MICRO, 32));
    }

    @Test
    void shouldExpectThoseThatWereAnsweredWhenNobodyCameMeanwhile() {
        wrote(0, MILLI, 32, 0);
        long now = MILLI + 100 * MICRO;
        assertTrue(!writes(now, 1), "the first of them");
        assertTrue(writes(now + 200 * MICRO, 32), "all of them");
    }

    @Test
    void shouldNotWaitLongerThanOneLookForWhoDoesNotCome() {
        wrote(0, 900 * MICRO, 32, 0);
        long now = MILLI;
        long look = pace.waits(now, 1);
        assertEquals(now + 450 * MICRO, look);
        assertTrue(writes(look, 1), "nobody else came");
    }

    @Test
    void shouldNotWaitForThoseOfLongAgo() {
        wrote(0, 900 * MICRO, 32, 0);
        assertTrue(writes(2 * MILLI, 1));
    }

    @Test
    void shouldWaitAMillisecondAtMostWhateverTheDiskTakes() {
        wrote(0, 50 * MILLI, 4, 4);
        long now = 50 * MILLI;
        int gathered = 4;
        while (!writes(now, gathered)) {
            now = pace.waits(now, gathered);
            assertTrue(now <= 51 * MILLI);
            gathered++;
        }
        assertTrue(now <= 51 * MILLI);
    }

    @Test
    void shouldForgetItsWaitOnceABatchIsOnItsWay() {
        wrote(0, MILLI, 10, 10);
        pace.submitted(MILLI);
        assertTrue(writes(MILLI + 1, 1));
    }
}

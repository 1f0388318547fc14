package org.memphisee.ra.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is decided without threads and clocks. */
class DeliveryRulesTest {

    private static final long MILLI = 1_000_000;

    @Test
    void shouldPauseLongerEachTimeUntilOneMessageSucceeds() {
        FailurePause pause = new FailurePause(3, 1_000, 5_000);
        assertEquals(0, pause.failed());
        assertEquals(0, pause.failed());
        assertFalse(pause.probing());
        assertEquals(1_000, pause.failed());
        assertTrue(pause.probing());
        assertEquals(2_000, pause.failed());
        assertEquals(4_000, pause.failed());
        assertEquals(5_000, pause.failed());
        assertTrue(pause.succeeded());
        assertFalse(pause.probing());
        assertFalse(pause.succeeded());
        assertEquals(0, pause.failed());
    }

    @Test
    void shouldNotPauseWhenOnlySomeMessagesFail() {
        FailurePause pause = new FailurePause(3, 1_000, 5_000);
        for (int i = 0; i < 100; i++) {
            assertEquals(0, pause.failed());
            assertEquals(0, pause.failed());
            pause.succeeded();
        }
    }

    @Test
    void shouldKeepAFailedMessageAwayLongerEachTime() {
        RedeliveryDelay middle = new RedeliveryDelay(500, 60_000, () -> 0.5);
        assertEquals(500, middle.afterMillis(1));
        assertEquals(1_000, middle.afterMillis(2));
        assertEquals(32_000, middle.afterMillis(7));
        assertEquals(60_000, middle.afterMillis(8));
        assertEquals(60_000, middle.afterMillis(1_000));
        assertEquals(400, new RedeliveryDelay(500, 60_000, () -> 0).afterMillis(1));
        assertEquals(600, new RedeliveryDelay(500, 60_000, () -> 1).afterMillis(1));
        assertEquals(0, new RedeliveryDelay(0, 0, () -> 1).afterMillis(3));
    }

    @Test
    void shouldHoldOnlyWhatSlowBeansHaveInHand() {
        Prefetch prefetch = new Prefetch(4, 1);
        assertEquals(4, prefetch.target());
        prefetch.handled(1, 2_000 * MILLI);
        assertEquals(4, prefetch.target());
    }

    @Test
    void shouldHoldWhatQuickBeansHandleInAMoment() {
        Prefetch prefetch = new Prefetch(2, 1);
        prefetch.handled(1, MILLI);
        assertEquals(402, prefetch.target());
        prefetch.handled(1_000, 10);
        for (int i = 0; i < 100; i++) {
            prefetch.handled(1_000, 1_000);
        }
        assertEquals(8_192, prefetch.target());
    }

    @Test
    void shouldHoldTwoBatchesForEachWorkerAtMost() {
        Prefetch prefetch = new Prefetch(10, 1_000);
        for (int i = 0; i < 100; i++) {
            prefetch.handled(1_000, 1_000);
        }
        assertEquals(20_000, prefetch.target());
    }
}

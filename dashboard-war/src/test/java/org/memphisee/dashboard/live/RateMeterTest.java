package org.memphisee.dashboard.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class RateMeterTest {

    private static final long SECOND = 1_000_000_000L;
    private final RateMeter meter = new RateMeter();

    @Test
    void shouldKnowNothingFromOneLook() {
        meter.observe(7 * SECOND, 1000);
        assertTrue(meter.perSecond().isEmpty());
    }

    @Test
    void shouldSmoothOverFiveSeconds() {
        for (int second = 0; second <= 20; second++) {
            meter.observe(second * SECOND, second < 18 ? 0 : (second - 17) * 100L);
        }
        assertEquals(300 / 5.0, meter.perSecond().orElseThrow(), 1e-9);
    }

    @Test
    void shouldForgetWhatIsOlderThanItsWindow() {
        meter.observe(0, 0);
        meter.observe(60 * SECOND, 1_000_000);
        assertTrue(meter.perSecond().isEmpty(), "nobody looked for a minute");
        meter.observe(61 * SECOND, 1_000_010);
        assertEquals(10, meter.perSecond().orElseThrow(), 1e-9);
    }

    @Test
    void shouldBeginAnewWhenTheCounterDoes() {
        meter.observe(0, 500);
        meter.observe(SECOND, 3);
        assertTrue(meter.perSecond().isEmpty());
        meter.observe(2 * SECOND, 5);
        assertEquals(2, meter.perSecond().orElseThrow(), 1e-9);
    }

    @Test
    void shouldTakeMoreLooksThanItKeeps() {
        for (int i = 0; i <= 100; i++) {
            meter.observe(i * SECOND / 10, i * 4L);
        }
        assertEquals(40, meter.perSecond().orElseThrow(), 1e-9);
    }
}

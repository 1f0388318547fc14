package org.memphisee.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TimesTest {

    @Test
    void shouldTellSharesWithinTheWidthOfAClass() {
        Times times = new Times();
        for (int i = 1; i <= 100_000; i++) {
            times.add(i * 1_000L);
        }
        for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 0.999}) {
            double exact = share * 100_000;
            assertTrue(times.micros(share) >= exact && times.micros(share) <= exact * (1 + 1 / 64.0) + 1,
                share + " is " + times.micros(share));
        }
        assertEquals(100_000, times.maxMicros());
        assertEquals(100_000, times.micros(1));
    }

    @Test
    void shouldTakeAnyDurationAndAddUp() {
        Times one = new Times();
        one.add(Long.MAX_VALUE);
        one.add(-5);
        Times other = new Times();
        other.add(0);
        other.add(one);
        assertEquals(3, other.count());
        assertEquals(Long.MAX_VALUE / 1e3, other.micros(1));
        assertEquals(0, new Times().micros(0.5));
    }
}

package org.memphisee.core.partition.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import org.memphisee.core.time.Timings;

class ArrivalsTest {

    @Test
    void shouldTellWhatEachMessageTook() {
        Timings timings = new Timings();
        Arrivals arrivals = new Arrivals();
        arrivals.add(1_000_000_000L, true);
        arrivals.add(1_002_000_000L, false);
        arrivals.add(1_004_000_000L, true);
        arrivals.stored(1_010_000_000L, timings);
        assertEquals(2, timings.produceAwaited().recorded().count());
        assertEquals(0.016, timings.produceAwaited().recorded().seconds(), 1e-12);
        assertEquals(1, timings.produceUnawaited().recorded().count());
        assertEquals(0.008, timings.produceUnawaited().recorded().seconds(), 1e-12);
    }
}

package org.memphisee.core.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

    private final LatencyHistogram histogram = new LatencyHistogram();

    @Test
    void shouldCountEachEventInAllStepsThatItFitsIn() {
        histogram.record(100_000);
        histogram.record(100_001);
        histogram.record(60_000_000_000L);
        LatencyHistogram.Recorded recorded = histogram.recorded();
        assertEquals(LatencyHistogram.steps().size() + 1, recorded.upTo().size());
        assertEquals(1, recorded.upTo().get(0));
        assertEquals(2, recorded.upTo().get(1));
        assertEquals(2, recorded.upTo().get(LatencyHistogram.steps().size() - 1));
        assertEquals(3, recorded.count());
        assertEquals(60.000200001, recorded.seconds(), 1e-9);
    }

    @Test
    void shouldCountEventsThatEndTogetherByTheirMean() {
        histogram.record(4, 4 * 2_000_000);
        histogram.record(0, 5);
        assertEquals(0, histogram.recorded().upTo().get(3));
        assertEquals(4, histogram.recorded().upTo().get(4));
        assertEquals(4, histogram.recorded().count());
        assertEquals(0.008, histogram.recorded().seconds(), 1e-12);
    }

    @Test
    void shouldTakeAClockThatWentBackForNoTime() {
        histogram.record(-5);
        assertEquals(1, histogram.recorded().upTo().get(0));
        assertEquals(0, histogram.recorded().seconds());
    }
}

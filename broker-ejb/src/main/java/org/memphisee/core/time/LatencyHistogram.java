package org.memphisee.core.time;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took, counted in steps of time. Thread-safe, without locks; recording costs two additions and is
 * meant to be done once for many events that ended together.
 */
public final class LatencyHistogram {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long[] STEPS_NANOS = {100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
        25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000L, 5_000_000_000L,
        10_000_000_000L};

    private final AtomicLongArray counts = new AtomicLongArray(STEPS_NANOS.length + 1);
    private final LongAdder nanos = new LongAdder();

    /** One event took so long; less than nothing counts as nothing. */
    public void record(long tookNanos) {
        record(1, tookNanos);
    }

    /**
     * Several events ended at the same time.
     *
     * @param events how many; nothing happens with 0
     * @param togetherNanos the sum of what each of them took; their mean decides which step they are counted in
     */
    public void record(long events, long togetherNanos) {
        if (events > 0) {
            long together = Math.max(0, togetherNanos);
            counts.addAndGet(step(together / events), events);
            nanos.add(together);
        }
    }

    private static int step(long tookNanos) {
        int step = 0;
        while (step < STEPS_NANOS.length && tookNanos > STEPS_NANOS[step]) {
            step++;
        }
        return step;
    }

    /** Ends of the steps in seconds, ascending; there is one more without end. */
    public static List<Double> steps() {
        List<Double> seconds = new ArrayList<>(STEPS_NANOS.length);
        for (long step : STEPS_NANOS) {
            seconds.add(step / NANOS_PER_SECOND);
        }
        return seconds;
    }

    /** Events that were recorded so far. */
    public long count() {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    /** What was recorded so far. */
    public Recorded recorded() {
        List<Long> upTo = new ArrayList<>(counts.length());
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
            upTo.add(sum);
        }
        return new Recorded(upTo, nanos.sum() / NANOS_PER_SECOND);
    }

    /**
     * What was recorded at one moment.
     *
     * @param upTo for each step the events that took no longer; the last one counts all
     * @param seconds the sum of all events
     */
    public record Recorded(List<Long> upTo, double seconds) {
        public Recorded {
            upTo = List.copyOf(upTo);
        }

        /** All events. */
        public long count() {
            return upTo.get(upTo.size() - 1);
        }
    }
}

package org.memphisee.dashboard.live;

import java.util.OptionalDouble;

/** Makes a rate of a counter that is looked at now and then, smoothed over five seconds. Not thread-safe. */
final class RateMeter {

    static final long WINDOW_NANOS = 5_000_000_000L;
    private static final int POINTS = 8;

    private final long[] times = new long[POINTS];
    private final long[] counts = new long[POINTS];
    private int size;

    /**
     * The counter has this value now.
     *
     * @param nowNanos a clock that only goes forward
     * @param count the counter; a smaller value than before means that it began anew
     */
    void observe(long nowNanos, long count) {
        if (size > 0 && count < counts[size - 1]) {
            size = 0;
        }
        int stale = 0;
        while (stale < size && nowNanos - times[stale] > WINDOW_NANOS) {
            stale++;
        }
        if (stale == 0 && size == POINTS) {
            stale = 1;
        }
        size -= stale;
        System.arraycopy(times, stale, times, 0, size);
        System.arraycopy(counts, stale, counts, 0, size);
        times[size] = nowNanos;
        counts[size++] = count;
    }

    /** Per second; empty until two observations lie within the window. */
    OptionalDouble perSecond() {
        if (size < 2 || times[size - 1] == times[0]) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of((counts[size - 1] - counts[0]) * 1e9 / (times[size - 1] - times[0]));
    }
}

package org.memphisee.client;

import java.util.function.DoubleSupplier;

/**
 * Growing pauses between attempts, spread so that many clients do not come back at the same moment. One thread at a time.
 */
public final class Backoff {

    private final long firstMillis;
    private final long mostMillis;
    private final DoubleSupplier random;
    private int failures;

    /**
     * @param firstMillis the first pause, at least 1
     * @param mostMillis the longest pause
     * @param random numbers from 0 to 1
     */
    public Backoff(long firstMillis, long mostMillis, DoubleSupplier random) {
        this.firstMillis = firstMillis;
        this.mostMillis = mostMillis;
        this.random = random;
    }

    /** How long to wait now: doubles with each call since the last success, less up to half of it by chance. */
    public long nextMillis() {
        long pause = exponential(firstMillis, mostMillis, failures);
        if (failures < Integer.MAX_VALUE) {
            failures++;
        }
        return Math.max(1, pause - (long) (pause / 2 * random.getAsDouble()));
    }

    /** It worked: the next pause is the first one again. */
    public void reset() {
        failures = 0;
    }

    /** first · 2^steps, at most {@code most}. */
    public static long exponential(long first, long most, int steps) {
        return steps >= 40 || first > most >> Math.min(steps, 40) ? most : first << steps;
    }
}

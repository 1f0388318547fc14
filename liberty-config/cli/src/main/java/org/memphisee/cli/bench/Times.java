package org.memphisee.cli.bench;

/**
 * Durations, counted in classes of which each is at most 1/64 wider than its beginning. Not thread-safe; several are added up at
 * the end.
 */
public final class Times {

    private static final int SUB_BITS = 6;
    private static final int SUB = 1 << SUB_BITS;

    private final long[] counts = new long[SUB * (64 - SUB_BITS)];
    private long count;
    private long max;

    /** Counts a duration in nanoseconds; less than zero counts as zero. */
    public void add(long nanos) {
        long value = Math.max(0, nanos);
        counts[index(value)]++;
        count++;
        if (value > max) {
            max = value;
        }
    }

    /** Counts everything that another one has. */
    public void add(Times other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        max = Math.max(max, other.max);
    }

    public long count() {
        return count;
    }

    /** The longest, in microseconds. */
    public double maxMicros() {
        return max / 1e3;
    }

    /**
     * What a share of all did not exceed, in microseconds; 0 when there are none.
     *
     * @param share 0 to 1
     */
    public double micros(double share) {
        long wanted = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int i = 0; i < counts.length && count > 0; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.min(upper(i), max) / 1e3;
            }
        }
        return 0;
    }

    private static int index(long value) {
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(value | 1) - SUB_BITS);
        return shift * SUB + (int) (value >>> shift);
    }

    /** The largest value of a class. */
    private static long upper(int index) {
        int shift = Math.max(0, index / SUB - 1);
        long sub = index - (long) shift * SUB;
        return (sub + 1 << shift) - 1;
    }
}

package org.memphisee.cluster.data;

/**
 * How stored records are looked through.
 *
 * @param bytesPerSecond of records that are read ({@code memphisee.cluster.scrub.rate}); 0 for never
 * @param firstNanos so long after the start the first pass begins
 * @param everyNanos the next one begins so long after the last one did, or when that has ended
 */
public record ScrubSettings(long bytesPerSecond, long firstNanos, long everyNanos) {

    private static final long MINUTE = 60_000_000_000L;

    /** 4 MiB a second, ten minutes after the start, each week. */
    public static final ScrubSettings DEFAULT = new ScrubSettings(4L << 20, 10 * MINUTE, 7 * 24 * 60 * MINUTE);

    public ScrubSettings {
        if (bytesPerSecond < 0 || firstNanos < 0 || everyNanos < 1) {
            throw new IllegalArgumentException(bytesPerSecond + " bytes a second, from " + firstNanos + " on, each " + everyNanos);
        }
    }

    /** The same at another rate. */
    public ScrubSettings at(long rate) {
        return new ScrubSettings(rate, firstNanos, everyNanos);
    }
}

package org.memphisee.core.station;

/**
 * When a small batch is written: at once, or when more has gathered for it. Half the syncs, and CPU, for a delay that is
 * below one sync (docs/adr/0023). A publisher that waits alone for each of its acknowledgements is never delayed. One
 * thread.
 */
final class Pace {

    /** Of as few publishes nothing is concluded. */
    private static final int STEADY = 2;
    private static final long MAX_NANOS = 1_000_000;
    /** Whether still more come is looked at so often in the time that a write takes, but not more often than is cheap. */
    private static final int LOOKS = 2;
    private static final long MIN_LOOK_NANOS = 100_000;

    private long submittedAt;
    private long until = Long.MIN_VALUE;
    private long lookAt;
    private long lookNanos;
    private int seen;
    private int enough;

    /** A batch goes to the disk. */
    void submitted(long now) {
        submittedAt = now;
        until = Long.MIN_VALUE;
    }

    /**
     * It is there. Those who published it will hardly be done publishing, so for as long as the write took they are
     * expected again, together with those that came meanwhile.
     *
     * @param stored publishes in it
     * @param gathered publishes that came while it was written
     */
    void written(long now, int stored, int gathered) {
        if (stored < STEADY && gathered < STEADY) {
            return;
        }
        long took = now - submittedAt;
        until = now + Math.min(MAX_NANOS, took);
        lookNanos = Math.max(MIN_LOOK_NANOS, took / LOOKS);
        lookAt = now;
        seen = 0;
        enough = stored + gathered;
    }

    /**
     * Until when the next batch should wait.
     *
     * @param gathered publishes in it, at least one
     * @return {@code now} or less when it should not: everybody is here, nobody else came since the last look, or time is
     *         over
     */
    long waits(long now, int gathered) {
        if (now >= until || gathered >= enough) {
            return Long.MIN_VALUE;
        }
        if (now >= lookAt) {
            if (gathered == seen) {
                return Long.MIN_VALUE;
            }
            seen = gathered;
            lookAt = now + lookNanos;
        }
        return Math.min(lookAt, until);
    }
}

package org.memphisee.core.partition.publish;

/**
 * When a small batch is written: at once, or when more has gathered for it. A third less CPU for a delay that is below one
 * sync (docs/adr/0023, 0076). A publisher that waits alone for each of its acknowledgements is never delayed. One
 * thread.
 */
final class Pace {

    /** Of as few publishes nothing is concluded. */
    private static final int STEADY = 2;
    private static final long MAX_NANOS = 1_000_000;
    /** Whether still more come is not looked at more often than is cheap. */
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
     * It is there. If publishes came meanwhile, they are a stream that goes on: half as long as the write took, it may gather.
     * If not, everybody may be waiting for acknowledgements: those who just got theirs are expected again, for as long as the
     * write took at most.
     *
     * @param stored publishes in it
     * @param gathered publishes that came while it was written
     */
    void written(long now, int stored, int gathered) {
        boolean stream = gathered >= STEADY;
        if (!stream && stored < STEADY) {
            return;
        }
        long took = now - submittedAt;
        until = now + Math.min(MAX_NANOS, stream ? took / 2 : took);
        lookNanos = Math.max(MIN_LOOK_NANOS, took / 2);
        lookAt = stream ? until : now;
        seen = 0;
        enough = stream ? Integer.MAX_VALUE : stored + gathered;
    }

    /**
     * Until when the next batch should wait.
     *
     * @param gathered publishes in it, at least one
     * @return {@code now} or less when it should not: everybody is here, nobody else came since the last look, or time
     *         is over
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

package org.memphisee.core.cluster.election;

/**
 * Times of an election, nanoseconds.
 *
 * @param timeoutNanos for how long a leader may be silent, and for how long it goes on without a majority; at least four beats
 * @param jitterNanos members wait up to so much longer, by chance
 * @param rankNanos and so much for each member that is preferred to them
 * @param beatNanos between two beats of a leader
 */
public record ElectionSettings(long timeoutNanos, long jitterNanos, long rankNanos, long beatNanos) {

    private static final long MILLIS = 1_000_000;
    private static final int LEAST_BEATS = 4;

    /** 1 200 ms, 400 ms, 100 ms, 100 ms. */
    public static final ElectionSettings DEFAULT =
        new ElectionSettings(1_200 * MILLIS, 400 * MILLIS, 100 * MILLIS, 100 * MILLIS);

    /**
     * After so long, by the clock of any member, no vote counts any more that was given before: a member that lost its log, and with
     * it whom it voted for, answers for nothing until then.
     */
    public long forgottenNanos(int members) {
        return (long) ((timeoutNanos + jitterNanos + members * rankNanos) / GroupElection.LEASE);
    }

    public ElectionSettings {
        if (beatNanos < 1 || timeoutNanos / LEAST_BEATS < beatNanos || jitterNanos < 0 || rankNanos < 0) {
            throw new IllegalArgumentException("a time-out of " + timeoutNanos + " ns with beats each " + beatNanos
                + " ns: choose four beats or more");
        }
    }
}

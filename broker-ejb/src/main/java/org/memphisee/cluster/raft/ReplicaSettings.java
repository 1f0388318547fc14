package org.memphisee.cluster.raft;

import org.memphisee.core.cluster.election.ElectionSettings;

/**
 * Times of a replica, nanoseconds.
 *
 * @param election of its elections
 * @param lookNanos a leader looks so often for peers that lack something and do not answer
 * @param settledNanos so long the preferred member has been there and in step before leadership moves to it
 * @param patienceNanos so long nothing is proposed while leadership moves; then it stays
 */
public record ReplicaSettings(ElectionSettings election, long lookNanos, long settledNanos, long patienceNanos) {

    private static final long MILLIS = 1_000_000;

    /** Elections as they are by default, 200 ms, 30 s, 1 s. */
    public static final ReplicaSettings DEFAULT =
        new ReplicaSettings(ElectionSettings.DEFAULT, 200 * MILLIS, 30_000 * MILLIS, 1_000 * MILLIS);

    public ReplicaSettings {
        if (lookNanos < 1 || settledNanos < election.timeoutNanos() || patienceNanos < 1) {
            throw new IllegalArgumentException("looks each " + lookNanos + " ns, settled after " + settledNanos + ", patience of "
                + patienceNanos + ": all are positive, and what has settled was there for a time-out");
        }
    }
}

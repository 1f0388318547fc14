package org.memphisee.core.partition;

/**
 * Figures of a partition stream (jetstream-api.md 5.4). Times in nanoseconds since the epoch, 0 for none.
 *
 * @param messages messages stored
 * @param bytes accounted bytes stored
 * @param firstSeq first stored sequence; last + 1 when empty but used, 0 when never used
 * @param firstTimeNanos its store time
 * @param lastSeq last sequence ever given
 * @param lastTimeNanos its store time
 * @param numSubjects distinct subjects stored
 * @param numDeleted interior gaps
 * @param consumerCount consumers
 * @param life what it may do; where it could not be recovered nothing else here is known, and 0
 */
public record StreamState(long messages, long bytes, long firstSeq, long firstTimeNanos, long lastSeq,
                          long lastTimeNanos, long numSubjects, long numDeleted, int consumerCount, PartitionLife life) {

    /** Of one that has not begun to be here. */
    static final StreamState EMPTY = new StreamState(0, 0, 0, 0, 0, 0, 0, 0, 0, PartitionLife.OPENING);

    /** Whether publishes are refused because a read or write failed, or because it could not be recovered. */
    public boolean frozen() {
        return life == PartitionLife.FROZEN || offline();
    }

    /** Whether it could not be recovered, so that nothing is known for sure. */
    public boolean offline() {
        return life == PartitionLife.FAILED;
    }
}

package org.memphisee.core.partition.publish;

import org.memphisee.core.time.Timings;

/** When the messages of a batch came, so that the time each took can be told when it is stored. Shard's thread only. */
final class Arrivals {

    private long first;
    private long awaited;
    /** How much later than the first one they came, together. */
    private long awaitedLater;
    private long unawaited;
    private long unawaitedLater;

    /**
     * A message came.
     *
     * @param timeNanos wall clock
     * @param waits whether its publisher waits for an answer
     */
    void add(long timeNanos, boolean waits) {
        if (awaited + unawaited == 0) {
            first = timeNanos;
        }
        if (waits) {
            awaited++;
            awaitedLater += timeNanos - first;
        } else {
            unawaited++;
            unawaitedLater += timeNanos - first;
        }
    }

    /** They are stored. */
    void stored(long timeNanos, Timings timings) {
        long took = timeNanos - first;
        timings.produceAwaited().record(awaited, awaited * took - awaitedLater);
        timings.produceUnawaited().record(unawaited, unawaited * took - unawaitedLater);
    }
}

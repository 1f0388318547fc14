package org.memphisee.ra.inbound;

/**
 * How many messages an activation may hold: what its beans handle in a moment, so that quick beans never wait for the network
 * and slow ones leave the messages to the group's other members. One thread at a time.
 */
final class Prefetch {

    /** Time for which messages are kept ready. */
    private static final long HORIZON_NANOS = 200_000_000;
    private static final int MOST = 8_192;
    private static final double WEIGHT = 0.2;

    private final int concurrency;
    private final int batchSize;
    private double nanosPerMessage = -1;

    Prefetch(int concurrency, int batchSize) {
        this.concurrency = concurrency;
        this.batchSize = batchSize;
    }

    /** Messages were handled by one worker. */
    void handled(int messages, long nanos) {
        double each = (double) nanos / messages;
        nanosPerMessage = nanosPerMessage < 0 ? each : nanosPerMessage + WEIGHT * (each - nanosPerMessage);
    }

    /** Messages to hold, over all workers, those in their hands included. */
    int target() {
        long inHands = (long) concurrency * batchSize;
        if (nanosPerMessage < 0) {
            return (int) Math.min(inHands, MOST);
        }
        double ready = concurrency * (HORIZON_NANOS / Math.max(nanosPerMessage, 100));
        // more than twice what the workers hold is of use only to very small batches
        return (int) Math.min(Math.max(concurrency + ready, concurrency), Math.max(MOST, 2 * inHands));
    }
}

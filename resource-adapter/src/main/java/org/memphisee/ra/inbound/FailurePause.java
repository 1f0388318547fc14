package org.memphisee.ra.inbound;

import org.memphisee.client.Backoff;

/**
 * When every message fails, the fault is not the messages': deliveries pause, longer each time, and go on with one message to
 * try, until one succeeds. One thread at a time.
 */
final class FailurePause {

    private final int threshold;
    private final long firstMillis;
    private final long mostMillis;
    private int failures;
    private int pauses;

    /**
     * @param threshold failures in a row that begin the first pause
     * @param firstMillis the first pause
     * @param mostMillis the longest pause
     */
    FailurePause(int threshold, long firstMillis, long mostMillis) {
        this.threshold = threshold;
        this.firstMillis = firstMillis;
        this.mostMillis = mostMillis;
    }

    /** A delivery failed; how long to pause now, 0 for not at all. */
    long failed() {
        failures++;
        if (failures < threshold && pauses == 0) {
            return 0;
        }
        return Backoff.exponential(firstMillis, mostMillis, pauses++);
    }

    /** A delivery succeeded; whether that ended a time of pauses. */
    boolean succeeded() {
        boolean ended = pauses > 0;
        failures = 0;
        pauses = 0;
        return ended;
    }

    /** Whether one message at a time is tried. */
    boolean probing() {
        return pauses > 0;
    }
}

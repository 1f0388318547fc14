package org.memphisee.core.consumer;

/**
 * Spaces events in time. A late event does not shift the following ones by more than what a coarse timer may be late,
 * so the pace is kept on average, and a long pause does not turn into a burst.
 */
final class Pacer {

    private static final long CREDIT_NANOS = 10_000_000;

    private long nextAt = Long.MIN_VALUE;

    /** When the next event may happen. */
    long nextAt() {
        return nextAt;
    }

    /** An event happened; the next one comes that much later. */
    void spend(long now, long nanos) {
        nextAt = Math.max(nextAt, now - CREDIT_NANOS) + nanos;
    }
}

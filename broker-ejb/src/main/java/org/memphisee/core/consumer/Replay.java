package org.memphisee.core.consumer;

/** Spaces historic messages like they were stored, until the consumer has caught up (jetstream-api.md 6.13). */
final class Replay {

    /** What a coarse timer may be late; later ones are not followed by a burst. */
    private static final long CREDIT_NANOS = 10_000_000;

    private boolean on;
    private boolean begun;
    private long lastTimestamp;
    private long lastAt;

    Replay(boolean on) {
        this.on = on;
    }

    /** When a message may be delivered that was stored at this time. */
    long dueAt(long timestampNanos) {
        return on && begun ? lastAt + Math.max(0, timestampNanos - lastTimestamp) : Long.MIN_VALUE;
    }

    void delivered(long timestampNanos, long now) {
        if (on) {
            lastAt = begun ? Math.max(dueAt(timestampNanos), now - CREDIT_NANOS) : now;
            lastTimestamp = timestampNanos;
            begun = true;
        }
    }

    void caughtUp() {
        on = false;
    }
}

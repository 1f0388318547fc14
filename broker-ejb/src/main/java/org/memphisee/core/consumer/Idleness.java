package org.memphisee.core.consumer;

/** When a consumer was used last: one that nobody uses for so long is to be removed. Shard's thread only. */
final class Idleness {

    private final Demand demand;
    private long thresholdNanos;
    private long usedAt;
    private boolean told;

    /**
     * Used just now.
     *
     * @param demand what waits there, or listens, uses it
     * @param thresholdNanos after this time it is to be removed, 0 for never
     */
    Idleness(Demand demand, long thresholdNanos, long now) {
        this.demand = demand;
        this.thresholdNanos = thresholdNanos;
        this.usedAt = now;
    }

    void threshold(long nanos) {
        thresholdNanos = nanos;
    }

    /** Whether it matters at all when the consumer is used. */
    boolean matters() {
        return thresholdNanos > 0;
    }

    /** Somebody uses it. */
    void used(long now) {
        usedAt = now;
    }

    /** Waiting requests, or a listener, keep the consumer from being idle. */
    void look(long now) {
        if (!matters()) {
            return;
        }
        boolean active;
        if (demand instanceof PullQueue pulls) {
            if (now >= due()) {
                // A request without expiry may wait for an inbox that is long gone.
                pulls.prune(now);
            }
            active = pulls.size() > 0;
        } else {
            active = demand instanceof PushDelivery push && push.hasInterest();
        }
        if (active) {
            usedAt = now;
        }
    }

    /** When it is to be removed unless it is used before, NEVER when it is not or that was told already. */
    long due() {
        return matters() && !told ? usedAt + thresholdNanos : RedeliverySchedule.NEVER;
    }

    /** Whether it is to be removed now: told once. */
    boolean over(long now) {
        if (now < due()) {
            return false;
        }
        told = true;
        return true;
    }
}

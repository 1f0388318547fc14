package org.memphisee.core.observe;

import java.util.function.LongSupplier;

import org.memphisee.core.append.Shard;

/** Finds out whether a shard still moves: by a command that has to come back. Thread-safe. */
public final class ShardProbe {

    /** So long a thread of the broker may be without a sign of life. */
    public static final long LIMIT_NANOS = 30_000_000_000L;

    private final Shard shard;
    private final LongSupplier nanoTime;
    private boolean waiting;
    private long sentNanos;

    /** A probe that has asked nothing yet. */
    public ShardProbe(Shard shard, LongSupplier nanoTime) {
        this.shard = shard;
        this.nanoTime = nanoTime;
    }

    /** Whether the last question has not been answered for 30 seconds; asks the next one when it has. */
    public synchronized boolean stuck() {
        if (waiting) {
            return nanoTime.getAsLong() - sentNanos > LIMIT_NANOS;
        }
        waiting = true;
        sentNanos = nanoTime.getAsLong();
        shard.execute(this::answered);
        return false;
    }

    private synchronized void answered() {
        waiting = false;
    }
}

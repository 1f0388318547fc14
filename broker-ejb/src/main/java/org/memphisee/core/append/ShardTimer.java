package org.memphisee.core.append;

/** An action of a shard that is due at a time; reusable. Shard's thread only. */
public final class ShardTimer {

    final Runnable action;
    /** Monotonic nanoseconds. */
    long at;
    /** Whose it is; null for nobody's. */
    Shard.Owner owner;
    /** Index in the heap, -1 when not set. */
    int place = -1;

    /** A timer that is not set yet. */
    public ShardTimer(Runnable action) {
        this.action = action;
    }

    /** Whether it is waiting for its time. */
    public boolean set() {
        return place >= 0;
    }
}

package org.memphisee.core.client;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that may be kept for callers at a time (D16). Any thread. */
public final class ByteBudget {

    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /** A budget of so many bytes. */
    public ByteBudget(long limit) {
        this.limit = limit;
    }

    /** Takes bytes unless that would exceed the budget; something larger than the whole budget is let in alone. */
    public boolean take(long bytes) {
        long before = taken.getAndAdd(bytes);
        if (before > 0 && before + bytes > limit) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Takes bytes that are there already. */
    void force(long bytes) {
        taken.addAndGet(bytes);
    }

    /** Whether nothing more should be asked for. */
    boolean exhausted() {
        return taken.get() >= limit;
    }

    /** Gives bytes back. */
    public void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** Bytes taken now. */
    public long taken() {
        return taken.get();
    }
}

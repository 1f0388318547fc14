package org.memphisee.core.station;

/** Whether publishes may still be stored: refused before the disk or the store's budget is exhausted (P6). Any thread. */
public final class StorageGuard {

    private volatile boolean full;

    /** Set by whoever watches the disk. */
    public void full(boolean isFull) {
        full = isFull;
    }

    /** Whether publishes must be refused. */
    public boolean full() {
        return full;
    }
}

package org.memphisee.core.partition.log;

/**
 * Whether publishes may still be stored: refused before the disk, the store's budget or the memory of stations is exhausted
 * (P6). Any thread.
 */
public final class StorageGuard {

    private final MemoryBudget memory;
    private volatile boolean full;

    /** Without a limit of memory. */
    public StorageGuard() {
        this(new MemoryBudget(Long.MAX_VALUE));
    }

    /** For stations in memory the budget counts. */
    public StorageGuard(MemoryBudget memory) {
        this.memory = memory;
    }

    /** Set by whoever watches the disk. */
    public void full(boolean isFull) {
        full = isFull;
    }

    /** Whether publishes must be refused that go to the disk. */
    public boolean full() {
        return full;
    }

    /** What stations in memory occupy. */
    public MemoryBudget memory() {
        return memory;
    }
}

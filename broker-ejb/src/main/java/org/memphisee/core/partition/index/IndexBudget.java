package org.memphisee.core.partition.index;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that message ids and subjects of all partitions of a node may take (D16, D19). Whoever would exceed it does
 * without: a publish that needs more is refused. Any thread.
 */
public final class IndexBudget {

    /** Of this part of the budget subjects may be kept with their text; the others are kept in a table (ADR 0039). */
    private static final int EXACT_PART = 6;

    private final long limit;
    private final long exactLimit;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong exact = new AtomicLong();

    /** A budget of so many bytes. */
    public IndexBudget(long limit) {
        this(limit, limit / EXACT_PART);
    }

    /**
     * A budget of so many bytes.
     *
     * @param exactLimit of these, what may be taken for exact texts
     */
    public IndexBudget(long limit, long exactLimit) {
        this.limit = limit;
        this.exactLimit = exactLimit;
    }

    /** Bytes at most. */
    public long limit() {
        return limit;
    }

    /** Bytes taken. */
    public long used() {
        return used.get();
    }

    /** Takes bytes if they are there. */
    public boolean take(long bytes) {
        if (used.addAndGet(bytes) > limit) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Takes bytes for what is stored already and has to be known. */
    void takeAnyway(long bytes) {
        used.addAndGet(bytes);
    }

    /** Gives bytes back. */
    public void give(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Whether so many bytes more would be too many. */
    public boolean roomFor(long bytes) {
        return used.get() + bytes <= limit;
    }

    /** A subject's text comes (positive) or goes (negative): also part of {@link #used()}. */
    void exact(long bytes) {
        exact.addAndGet(bytes);
        used.addAndGet(bytes);
    }

    /** Whether subjects with text take more than their part. */
    boolean exactOver() {
        return exact.get() > exactLimit;
    }
}

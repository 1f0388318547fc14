package org.memphisee.core.cluster.journal;

/**
 * Keeps entries of a group for somebody who still lacks them, until it is closed; or until the journal reached its limit, and then
 * it is broken and whoever lacks them must rebuild. Any thread.
 */
public final class JournalHold implements AutoCloseable {

    private final JournalGroup group;
    private volatile long from;
    private volatile boolean broken;

    JournalHold(JournalGroup group, long from) {
        this.group = group;
        this.from = from;
    }

    /** Entries before this one are no longer needed. */
    public void move(long index) {
        from = Math.max(from, index);
    }

    /** The first entry it keeps. */
    public long from() {
        return from;
    }

    /** Whether some of what it keeps is gone. */
    public boolean broken() {
        return broken;
    }

    void markBroken() {
        broken = true;
    }

    @Override
    public void close() {
        group.release(this);
    }
}

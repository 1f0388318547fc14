package org.memphisee.core.partition.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the messages of all stations in memory may occupy in the heap of this node, and do (D16): their records as they lie
 * there, removed messages inside of them included, and what is kept beside each. Any thread.
 */
public final class MemoryBudget {

    /** Objects of one batch beside its record, as measured in heaps of small batches, rounded up. */
    private static final long BATCH_BYTES = 400;
    /** One subject of a batch; its text and its message ids are in the budget of indexes. */
    private static final long SUBJECT_BYTES = 64;

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /** At most so many bytes. */
    public MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** What it may be, in bytes; {@code Long.MAX_VALUE} for as much as there is. */
    public long limit() {
        return limit;
    }

    /** What it is, in bytes. */
    public long used() {
        return used.get();
    }

    /** Whether so many bytes of messages more have room, with what a batch of theirs takes beside them. */
    public boolean admits(long bytes) {
        return used.get() + bytes + BATCH_BYTES + SUBJECT_BYTES <= limit;
    }

    /** A batch in memory came. */
    void add(StoredBatch batch) {
        batch.occupied = batch.record.length + BATCH_BYTES
            + (batch.subjects == null ? 0 : SUBJECT_BYTES * batch.subjects.size());
        used.addAndGet(batch.occupied);
    }

    /** Bytes of something else that is kept for stations in memory came, or went when negative. */
    public void add(long bytes) {
        used.addAndGet(bytes);
    }

    /** It went. */
    public void remove(StoredBatch batch) {
        used.addAndGet(-batch.occupied);
        batch.occupied = 0;
    }
}

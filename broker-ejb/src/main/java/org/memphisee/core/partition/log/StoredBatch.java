package org.memphisee.core.partition.log;

import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.index.BatchSubjects;

/**
 * A committed batch: its numbers, what was removed from it, its subjects where they are few or fresh, and its record while
 * that is in memory. Shard's thread only.
 */
public final class StoredBatch {

    private final long first;
    private final long last;
    private final int count;
    private final int recordBytes;
    private final long firstTimeNanos;
    private final long lastTimeNanos;
    private final long storedBytes;
    /** Null when it has to be asked for: then it may be any subject. */
    public BatchSubjects subjects;
    /** The record, or null when it must be read. */
    public byte[] record;
    /** Null when nothing was removed. */
    public Removed removed;
    /** Tombstones changed since they were last stored. */
    public boolean removedDirty;
    /** A read is under way. */
    boolean loading;
    /** Why the record cannot be read, so that nothing of it is given out; null when nothing is known against it. */
    StoreException damage;
    /** No longer part of the partition. */
    public boolean gone;
    /** Being merged with its neighbours: must not be dropped until that is done. */
    public boolean merging;
    /** Neighbours in the cache, most recently used first. */
    StoredBatch newer;
    StoredBatch older;
    BatchCache.Part cachedIn;
    /** What the budget of memory counts for it, in bytes; 0 when it is on the disk. */
    long occupied;
    /** The last question of {@link #mayMatch} and its answer: a consumer asks for each message. */
    private SubjectFilter lastFilter;
    private boolean lastMayMatch;
    /** Never leaves memory: the only copy (memory storage). */
    final boolean pinned;

    public StoredBatch(StoredSummary summary, BatchSubjects subjects, byte[] record, boolean pinned) {
        this.first = summary.firstSequence();
        this.last = summary.lastSequence();
        this.count = summary.count();
        this.recordBytes = summary.recordBytes();
        this.firstTimeNanos = summary.firstTimestampNanos();
        this.lastTimeNanos = summary.lastTimestampNanos();
        this.storedBytes = summary.storedBytes();
        this.subjects = subjects;
        this.record = record;
        this.pinned = pinned;
    }

    public long first() {
        return first;
    }

    public long last() {
        return last;
    }

    /** Messages in the record, removed ones included. */
    public int count() {
        return count;
    }

    /** Length of the record in the store. */
    int recordBytes() {
        return recordBytes;
    }

    /** Store time of its first message, nanoseconds since the epoch. */
    public long firstTimeNanos() {
        return firstTimeNanos;
    }

    /** Store time of its last message. */
    public long lastTimeNanos() {
        return lastTimeNanos;
    }

    /** Accounted bytes of the messages in the record, removed ones included. */
    long storedBytes() {
        return storedBytes;
    }

    public int live() {
        return count - (removed == null ? 0 : removed.count);
    }

    public long liveBytes() {
        return storedBytes - (removed == null ? 0 : removed.bytes);
    }

    /** Whether each sequence of its range is in the record, so that counting needs no reading. */
    public boolean contiguous() {
        return count == last - first + 1;
    }

    public boolean removed(long sequence) {
        return removed != null && removed.contains((int) (sequence - first));
    }

    public boolean unreadable() {
        return damage != null;
    }

    /** Whether some message of the record may match; true when that is not known. */
    public boolean mayMatch(SubjectFilter filter) {
        if (filter.everything() || subjects == null) {
            return true;
        }
        if (filter != lastFilter) {
            lastFilter = filter;
            lastMayMatch = subjects.anyMatches(filter);
        }
        return lastMayMatch;
    }

    /** Whether some message of the record may have this subject; true when that is not known. */
    boolean mayHold(byte[] subject) {
        return subjects == null || subjects.indexOf(subject) >= 0;
    }
}

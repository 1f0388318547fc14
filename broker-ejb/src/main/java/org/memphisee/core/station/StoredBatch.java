package org.memphisee.core.station;

import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.SubjectCount;

import java.nio.charset.StandardCharsets;

/**
 * A committed batch: its summary, what was removed from it, and its record while that is in memory. Shard's thread only.
 */
final class StoredBatch {

    final BatchSummary summary;
    /** The record, or null when it must be read. */
    byte[] record;
    /** Null when nothing was removed. */
    Removed removed;
    /** Tombstones changed since they were last stored. */
    boolean removedDirty;
    /** A read is under way. */
    boolean loading;
    /** The record is damaged; nothing of it is given out. */
    boolean unreadable;
    /** No longer part of the partition. */
    boolean gone;
    /** Being merged with its neighbours: must not be dropped until that is done. */
    boolean merging;
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

    StoredBatch(BatchSummary summary, byte[] record, boolean pinned) {
        this.summary = summary;
        this.record = record;
        this.pinned = pinned;
    }

    long first() {
        return summary.firstSequence();
    }

    long last() {
        return summary.lastSequence();
    }

    int live() {
        return summary.count() - (removed == null ? 0 : removed.count);
    }

    long liveBytes() {
        return summary.storedBytes() - (removed == null ? 0 : removed.bytes);
    }

    /** Whether each sequence of its range is in the record, so that counting needs no reading. */
    boolean contiguous() {
        return summary.count() == last() - first() + 1;
    }

    boolean removed(long sequence) {
        return removed != null && removed.contains((int) (sequence - first()));
    }

    /** Whether some message of the record may match. */
    boolean mayMatch(SubjectFilter filter) {
        if (filter.everything()) {
            return true;
        }
        if (filter == lastFilter) {
            return lastMayMatch;
        }
        lastFilter = filter;
        lastMayMatch = false;
        for (SubjectCount s : summary.subjects()) {
            byte[] b = s.subject().getBytes(StandardCharsets.UTF_8);
            if (filter.matches(b, 0, b.length)) {
                lastMayMatch = true;
                break;
            }
        }
        return lastMayMatch;
    }
}

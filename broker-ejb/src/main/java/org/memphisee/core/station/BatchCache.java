package org.memphisee.core.station;

/**
 * Keeps records in memory up to a number of bytes, the least recently used leave first (D9, D16). One per shard; its
 * thread only.
 */
public final class BatchCache {

    private final long budget;
    private long bytes;
    private StoredBatch newest;
    private StoredBatch oldest;

    /** A cache of at most so many bytes. */
    public BatchCache(long budget) {
        this.budget = budget;
    }

    void add(StoredBatch batch) {
        if (batch.pinned || batch.cached) {
            return;
        }
        batch.cached = true;
        bytes += batch.record.length;
        link(batch);
        while (bytes > budget && oldest != batch) {
            StoredBatch victim = oldest;
            remove(victim);
            victim.record = null;
        }
    }

    void touch(StoredBatch batch) {
        if (batch.cached && newest != batch) {
            unlink(batch);
            link(batch);
        }
    }

    /** Takes it out; the record itself stays as long as somebody holds it. */
    void remove(StoredBatch batch) {
        if (batch.cached) {
            batch.cached = false;
            bytes -= batch.record.length;
            unlink(batch);
        }
    }

    private void link(StoredBatch batch) {
        batch.older = newest;
        batch.newer = null;
        if (newest != null) {
            newest.newer = batch;
        }
        newest = batch;
        if (oldest == null) {
            oldest = batch;
        }
    }

    private void unlink(StoredBatch batch) {
        if (batch.newer == null) {
            newest = batch.older;
        } else {
            batch.newer.older = batch.older;
        }
        if (batch.older == null) {
            oldest = batch.newer;
        } else {
            batch.older.newer = batch.newer;
        }
        batch.newer = null;
        batch.older = null;
    }
}

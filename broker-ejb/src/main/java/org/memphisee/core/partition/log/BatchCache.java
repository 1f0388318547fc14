package org.memphisee.core.partition.log;

/**
 * Keeps records in memory up to a number of bytes, the least recently used leave first (D9, D16). What was just written
 * has a small part of its own: consumers that keep up need it for moments, and what lives for moments only costs the
 * collector nothing. The larger part is for what was read for consumers that lag. One per shard; its thread only.
 */
public final class BatchCache {

    /** The part of the budget for what was just written. */
    private static final int WRITTEN_PART = 8;

    /** The part of the budget, on top of it, for what batches know of their subjects. */
    private static final int SUBJECTS_PART = 4;

    private final Part written;
    private final Part read;
    private final SubjectsCache subjects;

    /** A cache of at most so many bytes. */
    public BatchCache(long budget) {
        written = new Part(budget / WRITTEN_PART);
        read = new Part(budget - budget / WRITTEN_PART);
        subjects = new SubjectsCache(budget / SUBJECTS_PART);
    }

    /** Bytes that what was read may take. */
    long readBudget() {
        return read.budget;
    }

    /** Which batches know their subjects. */
    SubjectsCache subjects() {
        return subjects;
    }

    /** Keeps a record that was just written. */
    public void addWritten(StoredBatch batch) {
        written.add(batch);
    }

    /** Keeps a record that was read. */
    public void addRead(StoredBatch batch) {
        read.add(batch);
    }

    void touch(StoredBatch batch) {
        if (batch.cachedIn != null) {
            batch.cachedIn.touch(batch);
        }
    }

    /** Takes it out; the record itself stays as long as somebody holds it. */
    public void remove(StoredBatch batch) {
        if (batch.cachedIn != null) {
            batch.cachedIn.remove(batch);
        }
    }

    /** A list in the order of use, with a budget. */
    static final class Part {
        private final long budget;
        private long bytes;
        private StoredBatch newest;
        private StoredBatch oldest;

        private Part(long budget) {
            this.budget = budget;
        }

        private void add(StoredBatch batch) {
            if (batch.pinned || batch.cachedIn != null) {
                return;
            }
            batch.cachedIn = this;
            bytes += batch.record.length;
            link(batch);
            StoredBatch victim = oldest;
            while (bytes > budget && victim != batch) {
                StoredBatch next = victim.newer;
                if (!victim.merging) { // else it could not be read back: the store may have replaced it already
                    remove(victim);
                    victim.record = null;
                }
                victim = next;
            }
        }

        private void touch(StoredBatch batch) {
            if (newest != batch) {
                unlink(batch);
                link(batch);
            }
        }

        private void remove(StoredBatch batch) {
            batch.cachedIn = null;
            bytes -= batch.record.length;
            unlink(batch);
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
}

package org.memphisee.core.partition.log;

import java.util.ArrayDeque;

/**
 * Lets batches know their subjects up to a number of bytes; those that learned them first forget them first. A batch of one
 * subject always knows it. One per shard; its thread only.
 */
final class SubjectsCache {

    private final long budget;
    private final ArrayDeque<StoredBatch> batches = new ArrayDeque<>();
    private long bytes;
    /** Batches in the list that know nothing any more. */
    private int dead;

    SubjectsCache(long budget) {
        this.budget = budget;
    }

    /** A batch that knows its subjects. */
    void add(StoredBatch batch) {
        if (batch.subjects == null || batch.subjects.size() <= 1) {
            return;
        }
        bytes += batch.subjects.bytes();
        batches.add(batch);
        while (bytes > budget && !batches.isEmpty()) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        StoredBatch b = batches.poll();
        if (b.subjects != null) {
            bytes -= b.subjects.bytes();
            b.subjects = null;
        } else {
            dead--;
        }
    }

    /** The batch is gone. */
    void remove(StoredBatch batch) {
        if (batch.subjects != null && batch.subjects.size() > 1) {
            bytes -= batch.subjects.bytes();
            batch.subjects = null;
            if (++dead * 2 > batches.size()) {
                batches.removeIf(b -> b.subjects == null);
                dead = 0;
            }
        }
    }

    long bytes() {
        return bytes;
    }
}

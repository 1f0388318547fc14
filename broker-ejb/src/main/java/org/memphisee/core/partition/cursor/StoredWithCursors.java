package org.memphisee.core.partition.cursor;

import java.util.List;

import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.StoreChange;

/**
 * What is made durable in one write with the cursors of a partition, so that neither is there without the other. Shard's thread
 * only.
 */
public interface StoredWithCursors {

    /**
     * Adds what is to be stored, before cursors are encoded: what consumers are to be rid of is told to their slots
     * ({@link ConsumerSlot#givesAway}). {@link #ended} follows, also when nothing was added.
     *
     * @param slots consumers of the partition
     */
    void collect(List<ConsumerSlot> slots, List<StoreChange> changes);

    /** What came of the last {@link #collect}; consumers are rid of what was to be taken from them, or have it still. */
    void ended(WriteOutcome outcome);

    /** Whether there is something to store. */
    boolean unstored();
}

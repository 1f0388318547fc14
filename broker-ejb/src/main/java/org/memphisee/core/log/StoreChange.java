package org.memphisee.core.log;

import java.util.List;

/** One change in a store transaction. Byte arrays are not modified after they were handed over. */
public sealed interface StoreChange {

    /** Appends a batch: {@code record[offset, offset+length)}. */
    record PutBatch(long partition, BatchSummary summary, byte[] record, int offset, int length) implements StoreChange { }

    /** Replaces adjacent batches (their keys) by one that holds the same messages. */
    record MergeBatches(long partition, List<Long> replaced, BatchSummary summary, byte[] record, int offset, int length)
        implements StoreChange { }

    /** Removes batches by their first sequence, with their tombstones. */
    record DropBatches(long partition, List<Long> firstSequences) implements StoreChange { }

    /** Replaces the set of removed messages of a batch (opaque bytes). */
    record PutTombstones(long partition, long firstSequence, byte[] tombstones) implements StoreChange { }

    /** Replaces the partition's own small state (opaque bytes). */
    record PutPartitionState(long partition, byte[] state) implements StoreChange { }

    /** Replaces a consumer's cursor (opaque bytes). */
    record PutCursor(long partition, long consumer, byte[] state) implements StoreChange { }

    /** Removes a consumer's cursor. */
    record DropCursor(long partition, long consumer) implements StoreChange { }

    /** Removes everything of a partition; may be finished in the background, and again after a crash. */
    record DropPartition(long partition) implements StoreChange { }

    /** Appends to the system log. */
    record PutSystemEvent(long index, byte[] event) implements StoreChange { }

    /** Replaces the system snapshot, which holds everything up to and including the index. */
    record PutSystemSnapshot(long index, byte[] snapshot) implements StoreChange { }

    /** Removes system events up to and including the index. */
    record TruncateSystemLog(long upTo) implements StoreChange { }

    /** Appends to a side log, as each node does for itself when it is given an event; the time is nanoseconds since the epoch. */
    record PutSideRecord(SideLog log, long number, long atNanos, byte[] bytes) implements StoreChange { }

    /** Removes records of a side log up to and including the number. */
    record TruncateSideLog(SideLog log, long upTo) implements StoreChange { }
}

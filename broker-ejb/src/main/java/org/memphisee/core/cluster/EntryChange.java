package org.memphisee.core.cluster;

import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32C;

import org.memphisee.core.log.EncodedSummary;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SummaryCodec;

/**
 * One change as an entry carries it: what the leader's store is told, but for what each replica can make by itself.
 * Byte arrays are not changed after they were handed over.
 */
public sealed interface EntryChange {

    /**
     * A batch: {@code record[offset, offset+length)} with its summary as it is stored, so that a follower need not make one.
     *
     * @param partition the partition
     * @param summary one thread at a time
     * @param record holds the batch record
     * @param offset where it begins
     * @param length its bytes
     */
    record Batch(long partition, EncodedSummary summary, byte[] record, int offset, int length) implements EntryChange { }

    /**
     * Joins adjacent batches. The result is not in here: each replica has the same batches, joins them itself, and compares.
     *
     * @param partition the partition
     * @param replaced keys of the batches, ascending
     * @param resultCrc CRC32C of the record that comes of it
     */
    record Merge(long partition, List<Long> replaced, int resultCrc) implements EntryChange {
        public Merge {
            replaced = List.copyOf(replaced);
            if (replaced.size() < 2) {
                throw new IllegalArgumentException("a merge of " + replaced.size() + " batches");
            }
        }
    }

    /** A change that replicas store as the leader does: of batches to drop, tombstones, states and cursors. */
    record Stored(StoreChange change) implements EntryChange {
        public Stored {
            boolean same = change instanceof StoreChange.DropBatches || change instanceof StoreChange.PutTombstones
                || change instanceof StoreChange.PutPartitionState || change instanceof StoreChange.PutCursor
                || change instanceof StoreChange.DropCursor;
            if (!same) {
                throw new IllegalArgumentException("not stored alike on each replica: " + change.getClass().getSimpleName());
            }
        }
    }

    /** A system event; its index is counted by those who fold it. Only the group that has the definitions writes these. */
    record Definition(byte[] event) implements EntryChange { }

    /** The node whose leadership begins; only in {@link EntryKind#LEAD}. */
    record Leader(String node) implements EntryChange {
        public Leader {
            if (node.isEmpty()) {
                throw new IllegalArgumentException("a leader without a name");
            }
        }
    }

    /**
     * How an entry carries what the leader's store is told.
     *
     * @param summaries encodes summaries, on the caller's thread
     * @throws IllegalArgumentException for what each node does for itself: it removes partitions when it folds the
     *     definition, and takes snapshots of the system log and cuts it when it wants to
     */
    static EntryChange of(StoreChange change, SummaryCodec summaries) {
        if (change instanceof StoreChange.PutBatch c) {
            return new Batch(c.partition(), summary(summaries.encode(c.summary())), c.record(), c.offset(), c.length());
        }
        if (change instanceof StoreChange.MergeBatches c) {
            CRC32C crc = new CRC32C();
            crc.update(c.record(), c.offset(), c.length());
            return new Merge(c.partition(), c.replaced(), (int) crc.getValue());
        }
        if (change instanceof StoreChange.PutSystemEvent c) {
            return new Definition(c.event());
        }
        return new Stored(change);
    }

    private static EncodedSummary summary(byte[] bytes) {
        try {
            return new EncodedSummary(bytes, e -> new StoreException(e.getMessage(), e, false));
        } catch (IOException e) {
            throw new IllegalStateException("what was just encoded does not read", e);
        }
    }
}

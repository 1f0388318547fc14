package org.memphisee.store.je;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.Transaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.SummaryCodec;

/** Applies changes to the databases inside a transaction. Log-writer thread only. */
final class JeChanges {
    /** A partition with at most this many values is removed at once, a larger one by {@link JePartitionDropper}. */
    static final int SMALL_PARTITION = 256;
    static final DatabaseEntry SNAPSHOT_KEY = Keys.of(0);
    private static final byte[] NOTHING = new byte[0];

    private final JeDatabases databases;
    private final Envelope envelope;
    private final SummaryCodec summaries = new SummaryCodec();
    /** Partitions whose removal this transaction leaves to the dropper. */
    private final List<Long> leftToDropper = new ArrayList<>();
    private String current = "begin";

    JeChanges(JeDatabases databases, Envelope envelope) {
        this.databases = databases;
        this.envelope = envelope;
    }

    void begin() {
        leftToDropper.clear();
        current = "begin a transaction";
    }

    List<Long> leftToDropper() {
        return List.copyOf(leftToDropper);
    }

    /** What is being done, for the text of an error. */
    String current() {
        return current;
    }

    void committing() {
        current += " (committing)";
    }

    void apply(Transaction transaction, StoreChange change) {
        if (change instanceof StoreChange.PutBatch c) {
            current = at("store the batch", c.partition(), c.summary().firstSequence());
            putBatch(transaction, c.partition(), c.summary(), c.record(), c.offset(), c.length());
        } else if (change instanceof StoreChange.PutCursor c) {
            current = at("store a cursor", c.partition(), c.consumer());
            put(databases.cursors, transaction, Keys.of(c.partition(), c.consumer()), c.state());
        } else if (change instanceof StoreChange.PutTombstones c) {
            current = at("store the tombstones", c.partition(), c.firstSequence());
            put(databases.tombstones, transaction, Keys.of(c.partition(), c.firstSequence()), c.tombstones());
        } else if (change instanceof StoreChange.PutPartitionState c) {
            current = "store the state of partition " + c.partition();
            put(databases.states, transaction, Keys.of(c.partition()), c.state());
        } else if (change instanceof StoreChange.MergeBatches c) {
            current = at("merge batches into", c.partition(), c.summary().firstSequence());
            merge(transaction, c);
        } else if (change instanceof StoreChange.DropBatches c) {
            current = "remove " + c.firstSequences().size() + " batches of partition " + c.partition();
            c.firstSequences().forEach(first -> dropBatch(transaction, c.partition(), first));
        } else if (change instanceof StoreChange.DropCursor c) {
            current = at("remove a cursor", c.partition(), c.consumer());
            databases.cursors.delete(transaction, Keys.of(c.partition(), c.consumer()));
        } else if (change instanceof StoreChange.DropPartition c) {
            current = "remove partition " + c.partition();
            dropPartition(transaction, c.partition());
        } else {
            applySystem(transaction, change);
        }
    }

    private void applySystem(Transaction transaction, StoreChange change) {
        if (change instanceof StoreChange.PutSystemEvent c) {
            current = "store system event " + c.index();
            put(databases.system, transaction, Keys.of(c.index()), c.event());
        } else if (change instanceof StoreChange.PutSystemSnapshot c) {
            current = "store the system snapshot of index " + c.index();
            byte[] content = ByteBuffer.allocate(Long.BYTES + c.snapshot().length)
                .putLong(c.index()).put(c.snapshot()).array();
            put(databases.snapshot, transaction, SNAPSHOT_KEY, content);
        } else if (change instanceof StoreChange.TruncateSystemLog c) {
            current = "truncate the system log up to index " + c.upTo();
            truncate(transaction, c.upTo());
        } else if (change instanceof StoreChange.PutSideRecord c) {
            current = "store record " + c.number() + " of side log " + c.log();
            put(databases.sideLogs, transaction, Keys.of(c.log().number(), c.number()), JeSideLogs.value(c));
        } else if (change instanceof StoreChange.TruncateSideLog c) {
            current = "truncate side log " + c.log() + " up to " + c.upTo();
            JeSideLogs.truncate(databases.sideLogs, transaction, c);
        } else {
            throw new IllegalArgumentException("Unknown change: " + change.getClass().getName());
        }
    }

    /** Removes a partition now when it is small, otherwise notes that the dropper has to. */
    void dropPartition(Transaction transaction, long partition) {
        int left = SMALL_PARTITION;
        for (Database database : databases.ofPartitions()) {
            left -= KeyScan.remove(database, transaction, partition, left);
            if (left == 0) {
                put(databases.drops, transaction, Keys.of(partition), NOTHING);
                leftToDropper.add(partition);
                return;
            }
        }
    }

    private void putBatch(Transaction transaction, long partition, BatchSummary summary, byte[] bytes, int offset,
                          int length) {
        DatabaseEntry key = Keys.of(partition, summary.firstSequence());
        databases.batches.put(transaction, key, envelope.seal(key, bytes, offset, length));
        put(databases.summaries, transaction, key, summaries.encode(summary));
    }

    private void merge(Transaction transaction, StoreChange.MergeBatches merge) {
        long kept = merge.summary().firstSequence();
        for (long replaced : merge.replaced()) {
            if (replaced != kept) {
                dropBatch(transaction, merge.partition(), replaced);
            }
        }
        databases.tombstones.delete(transaction, Keys.of(merge.partition(), kept));
        putBatch(transaction, merge.partition(), merge.summary(), merge.record(), merge.offset(), merge.length());
    }

    private void dropBatch(Transaction transaction, long partition, long first) {
        DatabaseEntry key = Keys.of(partition, first);
        databases.batches.delete(transaction, key);
        databases.summaries.delete(transaction, key);
        databases.tombstones.delete(transaction, key);
    }

    private void truncate(Transaction transaction, long upTo) {
        DatabaseEntry key = new DatabaseEntry();
        DatabaseEntry nothing = new DatabaseEntry();
        nothing.setPartial(0, 0, true);
        try (Cursor cursor = databases.system.openCursor(transaction, null)) {
            while (cursor.getNext(key, nothing, LockMode.READ_UNCOMMITTED) == OperationStatus.SUCCESS
                && Keys.first(key.getData()) <= upTo) {
                cursor.delete();
            }
        }
    }

    private void put(Database database, Transaction transaction, DatabaseEntry key, byte[] content) {
        database.put(transaction, key, envelope.seal(key, content));
    }

    private static String at(String what, long partition, long second) {
        return what + " " + second + " of partition " + partition;
    }
}

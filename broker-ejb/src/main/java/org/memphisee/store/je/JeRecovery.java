package org.memphisee.store.je;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.memphisee.core.log.EncodedSummary;
import org.memphisee.core.log.LogStore.PartitionVisitor;
import org.memphisee.core.log.LogStore.SystemLogVisitor;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;

/** Reads what is stored. Damaged values are named and left alone (P2); they fail only what asked for them. */
final class JeRecovery {
    private final JeDatabases databases;
    private final Envelope envelope;
    private final JeFailures failures;

    JeRecovery(JeDatabases databases, Envelope envelope, JeFailures failures) {
        this.databases = databases;
        this.envelope = envelope;
        this.failures = failures;
    }

    void systemLog(SystemLogVisitor visitor) throws StoreException {
        long snapshotIndex = Long.MIN_VALUE;
        DatabaseEntry value = new DatabaseEntry();
        if (find(databases.snapshot, JeChanges.SNAPSHOT_KEY, value)) {
            byte[] content = open("the system snapshot", JeChanges.SNAPSHOT_KEY.getData(), value.getData());
            ByteBuffer snapshot = ByteBuffer.wrap(content);
            snapshotIndex = snapshot.getLong();
            byte[] bytes = new byte[snapshot.remaining()];
            snapshot.get(bytes);
            visitor.snapshot(snapshotIndex, bytes);
        }
        DatabaseEntry key = new DatabaseEntry();
        try (Cursor cursor = databases.system.openCursor(null, null)) {
            while (cursor.getNext(key, value, LockMode.READ_UNCOMMITTED) == OperationStatus.SUCCESS) {
                long index = Keys.first(key.getData());
                if (index > snapshotIndex) {
                    visitor.event(index, open("system event " + index, key.getData(), value.getData()));
                }
            }
        }
    }

    void partition(long partition, PartitionVisitor visitor) throws StoreException {
        DatabaseEntry value = new DatabaseEntry();
        if (find(databases.drops, Keys.of(partition), value)) {
            return;
        }
        DatabaseEntry stateKey = Keys.of(partition);
        if (find(databases.states, stateKey, value)) {
            visitor.state(open("the state of partition " + partition, stateKey.getData(), value.getData()));
        }
        each(databases.tombstones, partition, "the tombstones of batch ", visitor::tombstones);
        each(databases.summaries, partition, "the summary of batch ",
            (first, content) -> visitor.batch(summary(partition, first, content)));
        each(databases.cursors, partition, "the cursor of consumer ", visitor::cursor);
    }

    /** The record of a batch. Any thread. */
    byte[] batch(long partition, long first) throws StoreException {
        DatabaseEntry key = Keys.of(partition, first);
        DatabaseEntry value = new DatabaseEntry();
        if (!find(databases.batches, key, value)) {
            throw new StoreException("Partition " + partition + " has no batch with first sequence " + first
                + "; it was removed or merged", null, false);
        }
        return open("batch " + first + " of partition " + partition, key.getData(), value.getData());
    }

    /** Whether a batch with this first sequence is stored. Any thread. */
    boolean hasBatch(long partition, long first) {
        return find(databases.summaries, Keys.of(partition, first), nothing());
    }

    /** Whether this event of the system log is stored. Any thread. */
    boolean hasEvent(long index) {
        return find(databases.system, Keys.of(index), nothing());
    }

    private static DatabaseEntry nothing() {
        DatabaseEntry nothing = new DatabaseEntry();
        nothing.setPartial(0, 0, true);
        return nothing;
    }

    /** The summary of a batch. Any thread. */
    StoredSummary summary(long partition, long first) throws StoreException {
        DatabaseEntry key = Keys.of(partition, first);
        DatabaseEntry value = new DatabaseEntry();
        if (!find(databases.summaries, key, value)) {
            throw new StoreException("Partition " + partition + " has no batch with first sequence " + first
                + "; it was removed or merged", null, false);
        }
        return summary(partition, first,
            open("the summary of batch " + first + " of partition " + partition, key.getData(), value.getData()));
    }

    /** Records of a side log. Any thread. */
    List<SideRecord> sideLog(SideLog log, long from, boolean upwards, int max) {
        return databases.sideLogs == null ? List.of() : JeSideLogs.read(databases.sideLogs, envelope, log, from, upwards, max);
    }

    /** Partitions of which anything is stored. */
    Set<Long> partitions() {
        Set<Long> found = new TreeSet<>();
        for (Database database : databases.ofPartitions()) {
            OptionalLong next = KeyScan.nextPartition(database, 0);
            while (next.isPresent()) {
                found.add(next.getAsLong());
                next = next.getAsLong() == Long.MAX_VALUE
                    ? OptionalLong.empty() : KeyScan.nextPartition(database, next.getAsLong() + 1);
            }
        }
        return found;
    }

    /** Partitions whose removal was begun and not finished. */
    List<Long> unfinishedDrops() {
        List<Long> found = new ArrayList<>();
        DatabaseEntry key = new DatabaseEntry();
        DatabaseEntry value = new DatabaseEntry();
        try (Cursor cursor = databases.drops.openCursor(null, null)) {
            while (cursor.getNext(key, value, LockMode.READ_UNCOMMITTED) == OperationStatus.SUCCESS) {
                found.add(Keys.first(key.getData()));
            }
        }
        return found;
    }

    private StoredSummary summary(long partition, long first, byte[] content) throws StoreException {
        String what = "the summary of batch " + first + " of partition " + partition;
        StoredSummary summary;
        try {
            summary = new EncodedSummary(content, e -> failures.corrupt(what, e));
        } catch (IOException e) {
            throw failures.corrupt(what, e);
        }
        if (summary.firstSequence() != first) {
            throw failures.corrupt(what, new IOException("is that of batch " + summary.firstSequence()));
        }
        return summary;
    }

    private void each(Database database, long partition, String what, Visit visit) throws StoreException {
        DatabaseEntry key = Keys.of(partition);
        DatabaseEntry value = new DatabaseEntry();
        try (Cursor cursor = database.openCursor(null, null)) {
            OperationStatus status = cursor.getSearchKeyRange(key, value, LockMode.READ_UNCOMMITTED);
            while (status == OperationStatus.SUCCESS && Keys.first(key.getData()) == partition) {
                long second = Keys.second(key.getData());
                visit.value(second,
                    open(what + second + " of partition " + partition, key.getData(), value.getData()));
                status = cursor.getNext(key, value, LockMode.READ_UNCOMMITTED);
            }
        }
    }

    /** Without locks: the writer is never held up, and nobody asks for what is not committed. */
    private static boolean find(Database database, DatabaseEntry key, DatabaseEntry value) {
        return database.get(null, key, value, LockMode.READ_UNCOMMITTED) == OperationStatus.SUCCESS;
    }

    private byte[] open(String what, byte[] key, byte[] value) throws StoreException {
        try {
            return envelope.open(key, value);
        } catch (IOException e) {
            throw failures.corrupt(what, e);
        }
    }

    private interface Visit {
        void value(long second, byte[] content) throws StoreException;
    }
}

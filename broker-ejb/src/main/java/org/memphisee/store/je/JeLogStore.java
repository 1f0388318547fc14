package org.memphisee.store.je;

import com.sleepycat.je.DatabaseException;
import com.sleepycat.je.Durability;
import com.sleepycat.je.Environment;
import com.sleepycat.je.Transaction;
import com.sleepycat.je.TransactionConfig;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/**
 * The store of a node on Berkeley DB JE. One transaction per write; a synced one costs one fdatasync.
 *
 * <p>When the disk has less free than the configured minimum, a write that contains batches is refused as
 * {@link StoreException#full()} with nothing changed; others (cursors, deletions, system events) still pass, so that
 * acks and retention go on.
 */
public final class JeLogStore implements LogStore {
    private static final TransactionConfig SYNC = new TransactionConfig().setDurability(Durability.COMMIT_SYNC);
    private static final TransactionConfig NO_SYNC =
        new TransactionConfig().setDurability(Durability.COMMIT_WRITE_NO_SYNC);

    private final JeFailures failures;
    private final JeEnvironmentOwner owner;
    private final Environment environment;
    private final JeDatabases databases;
    private final JeChanges changes;
    private final JeRecovery recovery;
    private final JePartitionDropper dropper;
    private final SpaceGuard space;
    private final DurableMark mark;
    private volatile boolean closed;

    private JeLogStore(JeStoreSettings settings, JeFailures failures, JeEnvironmentOwner owner)
        throws IOException {
        this.failures = failures;
        this.owner = owner;
        environment = owner.environment();
        databases = new JeDatabases(environment);
        changes = new JeChanges(databases);
        recovery = new JeRecovery(databases, failures);
        dropper = new JePartitionDropper(environment, databases, failures, settings.threads());
        space = new SpaceGuard(owner.directory(), settings.minimumFreeBytes());
        mark = new DurableMark(owner.directory(), environment);
        dropper.add(recovery.unfinishedDrops());
    }

    /**
     * Opens the store, creates it when absent and runs JE's recovery; goes on with unfinished deletions.
     *
     * @throws StoreException when another process has it open, or it cannot be read or created
     */
    public static JeLogStore open(JeStoreSettings settings) throws StoreException {
        return open(settings, JeEnvironmentOwner.LOG_FILE_BYTES);
    }

    static JeLogStore open(JeStoreSettings settings, long logFileBytes) throws StoreException {
        JeFailures failures = new JeFailures(settings.directory());
        JeEnvironmentOwner owner = new JeEnvironmentOwner(settings, logFileBytes, failures);
        try {
            return new JeLogStore(settings, failures, owner);
        } catch (DatabaseException | IllegalStateException | IOException e) {
            StoreException failure = failures.of("open the databases", e);
            try {
                owner.close();
            } catch (StoreException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    @Override
    public void write(List<StoreChange> list, boolean sync) throws StoreException {
        checkOpen();
        failures.check();
        long bytes = batchBytes(list);
        if (bytes > 0) {
            space.admit(bytes);
        }
        long last = mark.last();
        commit(list, sync);
        if (sync) {
            durable(last);
        }
        dropper.add(changes.leftToDropper());
    }

    private void commit(List<StoreChange> list, boolean sync) throws StoreException {
        changes.begin();
        Transaction transaction = null;
        try {
            transaction = environment.beginTransaction(null, sync ? SYNC : NO_SYNC);
            for (StoreChange change : list) {
                changes.apply(transaction, change);
            }
            changes.committing();
            transaction.commit();
        } catch (DatabaseException | IllegalStateException | IllegalArgumentException e) {
            StoreException failure = failures.ended(changes.current(), e);
            abort(transaction, failure);
            throw failure;
        }
    }

    private void durable(long entry) {
        try {
            mark.durable(entry);
        } catch (IOException e) {
            // What was asked for is durable; an old mark only makes the check at the next start weaker.
            return;
        }
    }

    private void abort(Transaction transaction, StoreException failure) {
        try {
            if (transaction != null && transaction.isValid()) {
                transaction.abort();
            }
        } catch (DatabaseException | IllegalStateException e) {
            // An unfinished transaction must not be written around: only a restart is sure to undo it.
            failures.ended("undo a transaction", e);
            failure.addSuppressed(e);
        }
    }

    @Override
    public void sync() throws StoreException {
        checkOpen();
        failures.check();
        long last = mark.last();
        try {
            environment.flushLog(true);
            durable(last);
        } catch (DatabaseException | IllegalStateException e) {
            throw failures.ended("sync the log", e);
        }
    }

    @Override
    public void recoverSystemLog(SystemLogVisitor visitor) throws StoreException {
        reading("read the system log", () -> {
            recovery.systemLog(visitor);
            return null;
        });
    }

    @Override
    public void recoverPartition(long partition, PartitionVisitor visitor) throws StoreException {
        reading("read partition " + partition, () -> {
            recovery.partition(partition, visitor);
            return null;
        });
    }

    @Override
    public void retainPartitions(Set<Long> known) throws StoreException {
        checkOpen();
        Set<Long> leftovers = reading("list the partitions", recovery::partitions);
        leftovers.removeAll(known);
        reading("list unfinished deletions", recovery::unfinishedDrops).forEach(leftovers::remove);
        for (long partition : leftovers) {
            write(List.of(new StoreChange.DropPartition(partition)), false);
        }
        if (!leftovers.isEmpty()) {
            sync();
        }
    }

    /** {@inheritDoc} A batch that was removed or merged meanwhile is a StoreException too. */
    @Override
    public byte[] readBatch(long partition, long firstSequence) throws StoreException {
        checkOpen();
        try {
            return recovery.batch(partition, firstSequence);
        } catch (DatabaseException | IllegalStateException e) {
            throw failures.of("read batch " + firstSequence + " of partition " + partition, e);
        }
    }

    @Override
    public Usage usage() {
        return space.usage();
    }

    /** Partitions whose deletion still goes on in the background. */
    int unfinishedDrops() {
        return dropper.waiting();
    }

    /** Ends quickly: everything committed is synced, no more. Readers must have ended. */
    @Override
    public void close() throws StoreException {
        if (closed) {
            return;
        }
        closed = true;
        dropper.close();
        try {
            mark.close();
            databases.close();
        } catch (DatabaseException | IllegalStateException | IOException e) {
            failures.ended("close the databases", e);
        } finally {
            owner.close();
        }
    }

    private void checkOpen() throws StoreException {
        if (closed) {
            throw new StoreException("Store " + owner.directory() + " is closed", null, false);
        }
    }

    private <T> T reading(String what, Read<T> read) throws StoreException {
        checkOpen();
        try {
            return read.read();
        } catch (DatabaseException | IllegalStateException e) {
            throw failures.of(what, e);
        }
    }

    private static long batchBytes(List<StoreChange> list) {
        long bytes = 0;
        for (StoreChange change : list) {
            if (change instanceof StoreChange.PutBatch batch) {
                bytes += batch.length();
            } else if (change instanceof StoreChange.MergeBatches merge) {
                bytes += merge.length();
            }
        }
        return bytes;
    }

    private interface Read<T> {
        T read() throws StoreException;
    }
}

package org.memphisee.store.je;

import com.sleepycat.je.DatabaseException;
import com.sleepycat.je.Durability;
import com.sleepycat.je.Environment;
import com.sleepycat.je.Transaction;
import com.sleepycat.je.TransactionConfig;
import com.sleepycat.je.util.DbBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.crypt.DataKeys;
import org.memphisee.store.crypt.StorageKeys;
import org.memphisee.store.crypt.ValueCipher;

/** What hangs on one open environment of JE, until JE gives it up or it is closed. */
final class JeOpened {
    private static final TransactionConfig SYNC = new TransactionConfig().setDurability(Durability.COMMIT_SYNC);
    private static final TransactionConfig NO_SYNC =
        new TransactionConfig().setDurability(Durability.COMMIT_WRITE_NO_SYNC);

    private final JeFailures failures;
    private final Environment environment;
    /** Asking the environment copies all its settings. */
    private final boolean readOnly;
    private final JeDatabases databases;
    private final JeChanges changes;
    private final JeRecovery recovery;
    private final JePartitionDropper dropper;
    private final DurableMark mark;
    /** Null when nothing is encrypted. */
    private final DataKeys keys;
    private boolean keyStored;

    private JeOpened(Environment environment, JeDatabases databases, DataKeys keys, DurableMark mark, JeFailures failures,
        ThreadFactory threads) {
        this.failures = failures;
        this.environment = environment;
        this.databases = databases;
        this.keys = keys;
        this.mark = mark;
        readOnly = environment.getConfig().getReadOnly();
        Envelope envelope = new Envelope(keys == null ? null : new ValueCipher(keys));
        changes = new JeChanges(databases, envelope);
        recovery = new JeRecovery(databases, envelope, failures);
        dropper = new JePartitionDropper(environment, databases, failures, threads);
    }

    /**
     * Opens the databases; when that fails, nothing is left open: an environment with open databases does not end its threads.
     *
     * @param storageKeys null for none
     */
    static JeOpened open(Path directory, Environment environment, StorageKeys storageKeys, JeFailures failures, ThreadFactory threads)
        throws IOException {
        boolean readOnly = environment.getConfig().getReadOnly();
        JeDatabases databases = new JeDatabases(environment, readOnly, storageKeys != null);
        DurableMark mark = null;
        JeOpened opened = null;
        try {
            DataKeys stored = JeKeys.load(databases, storageKeys);
            DataKeys keys = stored == null || readOnly ? stored : stored.withNew();
            mark = new DurableMark(directory, environment);
            opened = new JeOpened(environment, databases, keys, mark, failures, threads);
            if (!readOnly) {
                opened.storeWrappedAgain();
                opened.dropper.add(opened.recovery.unfinishedDrops());
            }
            return opened;
        } catch (IOException | RuntimeException | Error e) {
            closeAfter(e, opened == null ? () -> { } : opened.dropper::close);
            closeAfter(e, mark == null ? () -> { } : mark);
            closeAfter(e, databases::close);
            throw e;
        }
    }

    private static void closeAfter(Throwable failure, AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) { // of JE, or of a file: what went wrong first is what is told
            failure.addSuppressed(e);
        }
    }

    /** At once: afterwards the older storage keys are not needed any more. */
    private void storeWrappedAgain() {
        if (keys != null && !keys.wrappedAgain().isEmpty()) {
            Transaction transaction = environment.beginTransaction(null, SYNC);
            try {
                JeKeys.put(databases, transaction, keys.wrappedAgain());
                transaction.commit();
            } catch (DatabaseException | IllegalStateException e) {
                transaction.abort();
                throw e;
            }
        }
    }

    /** The keys that values are encrypted with; empty when they are not. */
    Optional<DataKeys> keys() {
        return Optional.ofNullable(keys);
    }

    /** Whether it serves readers only, until the disk has room. */
    boolean readOnly() {
        return readOnly;
    }

    JeRecovery recovery() {
        return recovery;
    }

    /** Partitions whose deletion still goes on in the background. */
    int unfinishedDrops() {
        return dropper.waiting();
    }

    /** Whether JE gave the environment up because the disk had no room: opened again, it is as good as before. */
    boolean outOfRoom() {
        return !environment.isValid() && NoRoomException.causes(environment.getInvalidatingException());
    }

    /** Log-writer thread only. */
    void write(List<StoreChange> list, boolean sync) throws StoreException {
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
            if (!keyStored && keys != null) {
                JeKeys.put(databases, transaction, keys.made());
            }
            for (StoreChange change : list) {
                changes.apply(transaction, change);
            }
            changes.committing();
            transaction.commit();
            keyStored = true;
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
            if (transaction != null && unfinished(transaction.getState())) {
                transaction.abort();
            }
        } catch (DatabaseException | IllegalStateException e) {
            // An unfinished transaction must not be written around: only a restart, or a reopening, is sure to undo it.
            failures.ended("undo a transaction", e);
            failure.addSuppressed(e);
        }
    }

    /** JE calls only open ones valid: one that the disk limit or a lock timeout ended still holds its locks. */
    private static boolean unfinished(Transaction.State state) {
        return state == Transaction.State.OPEN || state == Transaction.State.MUST_ABORT;
    }

    /** Log-writer thread only. */
    void sync() throws StoreException {
        long last = mark.last();
        try {
            environment.flushLog(true);
            durable(last);
        } catch (DatabaseException | IllegalStateException e) {
            throw failures.ended("sync the log", e);
        }
    }

    /**
     * Whether a write that failed was carried out after all, as far as that matters: changes that may be repeated, or
     * overwritten by later ones, tell nothing.
     */
    boolean holds(List<StoreChange> list) throws StoreException {
        try {
            for (StoreChange change : list) {
                if (change instanceof StoreChange.PutBatch c) {
                    return recovery.hasBatch(c.partition(), c.summary().firstSequence());
                } else if (change instanceof StoreChange.PutSystemEvent c) {
                    return recovery.hasEvent(c.index());
                } else if (change instanceof StoreChange.MergeBatches c) {
                    long kept = c.summary().firstSequence();
                    return c.replaced().stream().filter(first -> first != kept)
                        .noneMatch(first -> recovery.hasBatch(c.partition(), first));
                }
            }
            return false;
        } catch (DatabaseException | IllegalStateException e) {
            throw failures.ended("look what was written", e);
        }
    }

    /** Log-writer's place only: nobody writes meanwhile. */
    long link(Path log, Path to) throws StoreException {
        long last = mark.last();
        DbBackup backup = new DbBackup(environment);
        try {
            backup.startBackup(); // changes to another file; what was written before is synced
            try {
                for (String name : backup.getLogFilesInBackupSet()) {
                    Files.createLink(to.resolve(name), log.resolve(name));
                }
            } finally {
                backup.endBackup();
            }
            return last;
        } catch (DatabaseException | IllegalStateException e) {
            throw failures.of("begin a backup", e);
        } catch (IOException | UnsupportedOperationException e) {
            throw new StoreException("the files of the log cannot be linked into " + to + ": " + e, e, false);
        }
    }

    /** Ends its threads and files, and what JE does not need for itself. */
    void close() {
        dropper.close();
        try {
            mark.close();
            databases.close();
        } catch (DatabaseException | IllegalStateException | IOException e) {
            failures.ended("close the databases", e);
        }
    }
}

package org.memphisee.store.je;

import com.sleepycat.je.DatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.store.crypt.DataKeys;
import org.memphisee.store.crypt.StorageKeys;

/**
 * The store of a node on Berkeley DB JE. One transaction per write; a synced one costs one fdatasync.
 *
 * <p>When the disk has less free than the configured minimum, a write that contains batches is refused as
 * {@link StoreException#full()} with nothing changed; others (cursors, deletions, system events) still pass, so that
 * acks and retention go on, until half of the minimum is gone too.
 *
 * <p>When the file system itself refuses a write, JE gives its environment up. It is opened again at once for reading
 * (ADR 0042), which needs no room, and it is found out whether the write is there: it is answered as full only if it is
 * not. For writing it is opened when the disk has room again. A failed sync is another matter and final (P3).
 */
public final class JeLogStore implements LogStore {
    private final JeFailures failures;
    private final JeEnvironmentOwner owner;
    private final ThreadFactory threads;
    private final StorageKeys keys;
    private final SpaceGuard space;
    /** Held by whoever writes or opens the environment again: never both. */
    private final ReentrantLock changing = new ReentrantLock();
    private volatile JeOpened opened;
    private volatile boolean closed;

    private JeLogStore(JeStoreSettings settings, JeFailures failures, JeEnvironmentOwner owner)
        throws IOException {
        this.failures = failures;
        this.owner = owner;
        threads = settings.threads();
        keys = settings.keys().orElse(null);
        opened = JeOpened.open(owner.directory(), owner.environment(), keys, failures, threads);
        space = new SpaceGuard(owner.directory(), settings.minimumFreeBytes());
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
        return over(settings, failures, new JeEnvironmentOwner(settings, logFileBytes, failures));
    }

    /** The store of an environment that is open; closes it when it cannot be had. */
    static JeLogStore over(JeStoreSettings settings, JeFailures failures, JeEnvironmentOwner owner) throws StoreException {
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
        changing.lock();
        try {
            checkOpen();
            failures.check();
            JeOpened to = writable();
            space.admit(batchBytes(list));
            try {
                writeTo(to, list, sync);
            } catch (StoreException e) {
                if (!to.outOfRoom() || !usable().holds(list)) {
                    throw e;
                }
                // it is there, and was synced with all the rest when the environment was opened again
                return;
            }
            space.wrote();
        } finally {
            changing.unlock();
        }
    }

    /** What JE refused by a look at the disk that is not true any more was undone, and is written once more. */
    private void writeTo(JeOpened to, List<StoreChange> list, boolean sync) throws StoreException {
        try {
            to.write(list, sync);
        } catch (StoreException e) {
            if (to.outOfRoom() || !owner.refusing() || !space.aboveWall()) {
                throw e;
            }
            owner.lookAtDisk();
            to.write(list, sync);
        }
    }

    @Override
    public void sync() throws StoreException {
        changing.lock();
        try {
            checkOpen();
            failures.check();
            JeOpened to = usable();
            if (to.readOnly()) {
                return; // it was synced when it was opened
            }
            try {
                to.sync();
            } catch (StoreException e) {
                if (!to.outOfRoom()) {
                    throw e;
                }
                usable(); // synced everything
            }
        } finally {
            changing.unlock();
        }
    }

    /**
     * Links all log files as they are at one moment into an empty directory of the same disk: everything acknowledged before
     * the call is in them, and nothing of them changes up to the length they have. Writes wait meanwhile, for milliseconds.
     * Any thread.
     *
     * @return the last entry of the log, which is durable; for {@link #writeMark}
     */
    public long link(Path directory) throws StoreException {
        changing.lock();
        try {
            checkOpen();
            failures.check();
            JeOpened from = usable();
            if (from.readOnly()) {
                throw new StoreException("the disk has no room: nothing is written until there is some", null, true);
            }
            return from.link(owner.directory(), directory);
        } finally {
            changing.unlock();
        }
    }

    /** Writes beside log files that were linked up to which entry they were durable. */
    public static void writeMark(Path directory, long entry) throws IOException {
        Files.write(directory.resolve(DurableMark.FILE), DurableMark.encode(entry));
    }

    /** What may be read: opened again when the environment was given up for lack of room. */
    private JeOpened usable() throws StoreException {
        if (!opened.outOfRoom()) {
            return opened;
        }
        changing.lock();
        try {
            if (!closed && opened.outOfRoom()) { // or somebody else did it
                failures.check();
                reopen(true);
            }
            return opened;
        } catch (StoreException e) {
            throw e.full() ? failures.gaveUp("open the environment again", e) : e;
        } finally {
            changing.unlock();
        }
    }

    /** What may be written: opened again when it is open for reading only and the disk has room now. */
    private JeOpened writable() throws StoreException {
        if (usable().readOnly()) {
            space.admitReopening();
            try {
                reopen(false);
            } catch (StoreException e) {
                if (e.full()) {
                    reopen(true);
                }
                throw e;
            }
        } else if (owner.refusing() && space.aboveWall()) {
            owner.lookAtDisk();
        }
        return opened;
    }

    private void reopen(boolean readOnly) throws StoreException {
        if (readOnly) {
            space.ranOut();
        }
        opened.close();
        owner.reopen(readOnly);
        try {
            opened = JeOpened.open(owner.directory(), owner.environment(), keys, failures, threads);
        } catch (DatabaseException | IllegalStateException | IOException e) {
            throw failures.ended("open the environment again", e);
        }
    }

    @Override
    public void recoverSystemLog(SystemLogVisitor visitor) throws StoreException {
        reading("read the system log", recovery -> {
            recovery.systemLog(visitor);
            return null;
        });
    }

    @Override
    public void recoverPartition(long partition, PartitionVisitor visitor) throws StoreException {
        reading("read partition " + partition, recovery -> {
            recovery.partition(partition, visitor);
            return null;
        });
    }

    @Override
    public Set<Long> retainPartitions(Set<Long> known) throws StoreException {
        checkOpen();
        Set<Long> leftovers = reading("list the partitions", JeRecovery::partitions);
        leftovers.removeAll(known);
        List<Long> unfinished = reading("list unfinished deletions", JeRecovery::unfinishedDrops);
        Set<Long> removed = new HashSet<>(leftovers);
        removed.addAll(unfinished);
        unfinished.forEach(leftovers::remove);
        try {
            for (long partition : leftovers) {
                write(List.of(new StoreChange.DropPartition(partition)), false);
            }
            if (!leftovers.isEmpty()) {
                sync();
            }
        } catch (StoreException e) {
            if (!e.full()) {
                throw e;
            }
            // nobody knows them by a number any more: they may stay until a start with more room
        }
        return removed;
    }

    /** {@inheritDoc} A batch that was removed or merged meanwhile is a StoreException too. */
    @Override
    public byte[] readBatch(long partition, long firstSequence) throws StoreException {
        return readingOne("read batch " + firstSequence + " of partition " + partition,
            recovery -> recovery.batch(partition, firstSequence));
    }

    @Override
    public StoredSummary readSummary(long partition, long firstSequence) throws StoreException {
        return readingOne("read the summary of batch " + firstSequence + " of partition " + partition,
            recovery -> recovery.summary(partition, firstSequence));
    }

    @Override
    public List<SideRecord> readSideLog(SideLog log, long from, boolean upwards, int max) throws StoreException {
        return readingOne("read side log " + log, recovery -> recovery.sideLog(log, from, upwards, max));
    }

    private <T> T readingOne(String what, Read<T> read) throws StoreException {
        JeOpened from = usable();
        try {
            return reading(what, read);
        } catch (StoreException e) {
            if (from == opened && !from.outOfRoom()) {
                throw e;
            }
            // the environment was given up, or opened again, under this reader
            return reading(what, read);
        }
    }

    @Override
    public Usage usage() {
        return space.usage();
    }

    /** The keys that what is written is encrypted with; empty when it is not. Any thread. */
    public Optional<DataKeys> encryption() {
        return opened.keys();
    }

    /** Partitions whose deletion still goes on in the background. */
    int unfinishedDrops() {
        return opened.unfinishedDrops();
    }

    /** Ends quickly: everything committed is synced, no more. Readers must have ended. */
    @Override
    public void close() throws StoreException {
        changing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            opened.close();
            owner.close();
        } finally {
            changing.unlock();
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
            return read.read(usable().recovery());
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
        T read(JeRecovery recovery) throws StoreException;
    }
}

package org.memphisee.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;

/** A store whose disk is full for some changes: a write that holds one is refused and nothing of it is applied. */
public final class RefusingStore implements LogStore {

    private final LogStore store;
    private final List<StoreChange> written = new ArrayList<>();
    private Predicate<StoreChange> refused = c -> false;
    private boolean syncRefused;
    private int refusals;

    public RefusingStore(LogStore store) {
        this.store = store;
    }

    /** From now on writes that hold such a change are refused. */
    public synchronized void refuse(Predicate<StoreChange> changes) {
        refused = changes;
    }

    /** From now on syncs alone are refused, or not. */
    public synchronized void refuseSync(boolean refuse) {
        syncRefused = refuse;
    }

    /** The disk has room again. */
    public synchronized void free() {
        refused = c -> false;
        syncRefused = false;
    }

    /** How often a write was refused. */
    public synchronized int refusals() {
        return refusals;
    }

    /** All changes that were applied, in order. */
    public synchronized List<StoreChange> written() {
        return List.copyOf(written);
    }

    @Override
    public synchronized void write(List<StoreChange> changes, boolean sync) throws StoreException {
        if (changes.stream().anyMatch(refused)) {
            refusals++;
            throw new StoreException("Disk full: as the test wants it", null, true);
        }
        store.write(changes, sync);
        written.addAll(changes);
    }

    @Override
    public synchronized void sync() throws StoreException {
        if (syncRefused) {
            refusals++;
            throw new StoreException("Disk full: as the test wants it", null, true);
        }
        store.sync();
    }

    @Override
    public List<SideRecord> readSideLog(SideLog log, long from, boolean upwards, int max) throws StoreException {
        return store.readSideLog(log, from, upwards, max);
    }

    @Override
    public void recoverSystemLog(SystemLogVisitor visitor) throws StoreException {
        store.recoverSystemLog(visitor);
    }

    @Override
    public void recoverPartition(long partition, PartitionVisitor visitor) throws StoreException {
        store.recoverPartition(partition, visitor);
    }

    @Override
    public void retainPartitions(Set<Long> known) throws StoreException {
        store.retainPartitions(known);
    }

    @Override
    public StoredSummary readSummary(long partition, long firstSequence) throws StoreException {
        return store.readSummary(partition, firstSequence);
    }

    @Override
    public byte[] readBatch(long partition, long firstSequence) throws StoreException {
        return store.readBatch(partition, firstSequence);
    }

    @Override
    public Usage usage() {
        return store.usage();
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }
}

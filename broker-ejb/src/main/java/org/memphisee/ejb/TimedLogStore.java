package org.memphisee.ejb;

import java.util.List;
import java.util.Set;

import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.time.LatencyHistogram;

/** Records how long each synced write takes: the time that every acknowledgement waits for. Threads as the store's. */
final class TimedLogStore implements LogStore {

    private final LogStore store;
    private final LatencyHistogram synced = new LatencyHistogram();

    TimedLogStore(LogStore store) {
        this.store = store;
    }

    /** How long synced writes took. */
    LatencyHistogram synced() {
        return synced;
    }

    @Override
    public void write(List<StoreChange> changes, boolean sync) throws StoreException {
        if (!sync) {
            store.write(changes, false);
            return;
        }
        long begin = System.nanoTime();
        store.write(changes, true);
        synced.record(System.nanoTime() - begin);
    }

    @Override
    public void sync() throws StoreException {
        long begin = System.nanoTime();
        store.sync();
        synced.record(System.nanoTime() - begin);
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
    public byte[] readBatch(long partition, long firstSequence) throws StoreException {
        return store.readBatch(partition, firstSequence);
    }

    @Override
    public StoredSummary readSummary(long partition, long firstSequence) throws StoreException {
        return store.readSummary(partition, firstSequence);
    }

    @Override
    public List<SideRecord> readSideLog(SideLog log, long from, boolean upwards, int max) throws StoreException {
        return store.readSideLog(log, from, upwards, max);
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

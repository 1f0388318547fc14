package org.memphisee.ejb;

import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/** Tells how long each synced write takes: the time that every acknowledgement waits for. Threads as the store's. */
final class TimedLogStore implements LogStore {

    private final LogStore store;
    private volatile LongConsumer listener = nanos -> { };

    TimedLogStore(LogStore store) {
        this.store = store;
    }

    /** Who is told, in nanoseconds, by the thread that writes; must be quick. */
    void listener(LongConsumer told) {
        listener = told;
    }

    @Override
    public void write(List<StoreChange> changes, boolean sync) throws StoreException {
        if (!sync) {
            store.write(changes, false);
            return;
        }
        long begin = System.nanoTime();
        store.write(changes, true);
        listener.accept(System.nanoTime() - begin);
    }

    @Override
    public void sync() throws StoreException {
        long begin = System.nanoTime();
        store.sync();
        listener.accept(System.nanoTime() - begin);
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
    public Usage usage() {
        return store.usage();
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }
}

package org.memphisee.core.station;

import java.util.concurrent.Executor;

import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;

/** Reads batch records on threads that may wait for the disk, and hands them to the shard. */
public final class BatchLoader {

    private final LogStore store;
    private final Executor readers;

    /** A loader that reads on the given executor. */
    public BatchLoader(LogStore store, Executor readers) {
        this.store = store;
        this.readers = readers;
    }

    void load(StoredMessages messages, StoredBatch batch) {
        readers.execute(() -> {
            byte[] record;
            try {
                record = read(messages.partition(), batch.first());
            } catch (StoreException e) {
                messages.resources().shard().execute(() -> messages.unreadable(batch, e));
                return;
            }
            messages.resources().shard().execute(() -> messages.loaded(batch, record));
        });
    }

    /** Reads at once; for the rare question whose answer cannot wait. */
    byte[] read(long partition, long firstSequence) throws StoreException {
        return store.readBatch(partition, firstSequence);
    }
}

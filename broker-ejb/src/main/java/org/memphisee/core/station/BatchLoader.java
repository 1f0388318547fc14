package org.memphisee.core.station;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.memphisee.core.append.Shard;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;

/** Reads batch records on threads that may wait for the disk, and hands them to the shard. */
public final class BatchLoader {

    private final LogStore store;
    private final Executor readers;

    /** A loader that reads on the given executor. */
    public BatchLoader(LogStore store, Executor readers) {
        this.store = store;
        this.readers = readers;
    }

    void load(long partition, StoredBatch batch, Shard shard, Consumer<byte[]> loaded,
              Consumer<StoreException> failed) {
        readers.execute(() -> {
            byte[] record;
            try {
                record = read(partition, batch.first());
            } catch (StoreException e) {
                shard.execute(() -> failed.accept(e));
                return;
            }
            shard.execute(() -> loaded.accept(record));
        });
    }

    /** Reads a summary at once. */
    StoredSummary summary(long partition, long firstSequence) throws StoreException {
        return store.readSummary(partition, firstSequence);
    }

    /** Reads at once; for the rare question whose answer cannot wait. */
    byte[] read(long partition, long firstSequence) throws StoreException {
        return store.readBatch(partition, firstSequence);
    }
}

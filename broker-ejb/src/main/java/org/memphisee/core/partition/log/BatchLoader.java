package org.memphisee.core.partition.log;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.memphisee.core.append.Shard;
import org.memphisee.core.log.DamagedException;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;

/** Reads batch records on threads that may wait for the disk, and hands them to the shard. */
public final class BatchLoader {

    private final LogStore store;
    private final Executor readers;
    private final Mending mending;

    /** A loader that reads on the given executor. */
    public BatchLoader(LogStore store, Executor readers) {
        this(store, readers, Mending.NOWHERE);
    }

    private BatchLoader(LogStore store, Executor readers, Mending mending) {
        this.store = store;
        this.readers = readers;
        this.mending = mending;
    }

    /** One that reads where this does, and looks elsewhere for records that are damaged. */
    public BatchLoader mendedBy(Mending elsewhere) {
        return new BatchLoader(store, readers, elsewhere);
    }

    void load(long partition, StoredBatch batch, Shard shard, Consumer<byte[]> loaded,
              Consumer<StoreException> failed) {
        record(partition, batch.first(), shard, loaded, failed);
    }

    /** Where it reads: for whoever else reads from the store and has to wait for that. Any thread. */
    public Executor readers() {
        return readers;
    }

    /** Reads the record that begins with a sequence; the shard hears which of both, once. */
    public void record(long partition, long first, Shard shard, Consumer<byte[]> loaded, Consumer<StoreException> failed) {
        readers.execute(() -> {
            byte[] record;
            try {
                record = read(partition, first);
            } catch (DamagedException e) {
                mending.mend(partition, first, e, found -> shard.execute(() -> loaded.accept(found)),
                    why -> shard.execute(() -> failed.accept(why)));
                return;
            } catch (StoreException e) {
                shard.execute(() -> failed.accept(e));
                return;
            }
            shard.execute(() -> loaded.accept(record));
        });
    }

    void loadSummary(long partition, StoredBatch batch, Shard shard, Consumer<StoredSummary> loaded,
                     Consumer<StoreException> failed) {
        readers.execute(() -> {
            StoredSummary summary;
            try {
                summary = store.readSummary(partition, batch.first());
            } catch (StoreException e) {
                shard.execute(() -> failed.accept(e));
                return;
            }
            shard.execute(() -> loaded.accept(summary));
        });
    }

    /** Reads at once: only while a partition is recovered, when nobody is served by it. */
    byte[] read(long partition, long firstSequence) throws StoreException {
        return store.readBatch(partition, firstSequence);
    }
}

package org.memphisee.core.station;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.memphisee.core.consumer.PartitionView.Lookup;
import org.memphisee.core.log.StoreException;

/**
 * Brings records back into memory ahead of need (D9): whoever needs one waits in a list, the shard goes on. Shard's
 * thread only.
 */
final class RecordLoading {

    private static final long READ_AHEAD_BYTES = 4 << 20;

    private final long partition;
    private final BatchList batches;
    private final ShardResources resources;
    /** Tells the shard whose state is worked on. */
    private final Runnable enter;
    private final Map<StoredBatch, List<Runnable>> waiters = new HashMap<>();
    private Runnable dataReady = () -> { };
    private Consumer<StoreException> corrupt = e -> { };

    RecordLoading(long partition, BatchList batches, ShardResources resources, Runnable enter) {
        this.partition = partition;
        this.batches = batches;
        this.resources = resources;
        this.enter = enter;
    }

    void listeners(Runnable ready, Consumer<StoreException> unreadableRecord) {
        dataReady = ready;
        corrupt = unreadableRecord;
    }

    /** Asks for the batch at the index and some that follow. */
    Lookup ahead(int index) {
        long ahead = 0;
        for (int i = index; i < batches.size() && ahead < READ_AHEAD_BYTES; i++) {
            StoredBatch b = batches.get(i);
            ahead += b.recordBytes();
            if (b.record == null && !b.unreadable) {
                ask(b);
            }
        }
        return Lookup.LOADING;
    }

    private void ask(StoredBatch batch) {
        if (!batch.loading) {
            batch.loading = true;
            resources.loader().load(partition, batch, resources.shard(), record -> {
                enter.run();
                loaded(batch, record);
            }, cause -> {
                enter.run();
                unreadable(batch, cause);
            });
        }
    }

    /** Runs the action when the record is in memory, or never will be: then it finds none, or the batch gone. */
    void with(StoredBatch batch, Runnable action) {
        if (batch.record != null || batch.unreadable || batch.gone) {
            action.run();
        } else {
            waiters.computeIfAbsent(batch, b -> new ArrayList<>()).add(action);
            ask(batch);
        }
    }

    byte[] require(StoredBatch batch) {
        if (batch.record != null || batch.unreadable) {
            return batch.record;
        }
        try {
            loaded(batch, resources.loader().read(partition, batch.first()));
        } catch (StoreException e) {
            unreadable(batch, e);
        }
        return batch.record;
    }

    /** The batch is gone; who waited for it sees to that when this turn is over. */
    void forget(StoredBatch batch) {
        List<Runnable> waiting = waiters.remove(batch);
        if (waiting != null) {
            waiting.forEach(resources.shard()::atEndOfTurn);
        }
    }

    /** Whoever waited for one batch waits for another. */
    void move(StoredBatch from, StoredBatch to) {
        List<Runnable> waiting = waiters.remove(from);
        if (waiting != null) {
            waiting.forEach(w -> with(to, w));
        }
    }

    private void loaded(StoredBatch batch, byte[] record) {
        batch.loading = false;
        if (batch.gone) {
            return;
        }
        if (batch.record == null) {
            batch.record = record;
            resources.cache().addRead(batch);
        }
        List<Runnable> waiting = waiters.remove(batch);
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
        dataReady.run();
    }

    /** Nothing of the batch is given out any more. */
    void unreadable(StoredBatch batch, StoreException cause) {
        batch.loading = false;
        if (!batch.gone && batch.record == null) { // else it came by another way, and may be merged away meanwhile
            batch.unreadable = true;
            corrupt.accept(cause);
            forget(batch);
        }
    }
}

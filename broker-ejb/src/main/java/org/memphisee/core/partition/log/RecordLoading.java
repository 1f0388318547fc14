package org.memphisee.core.partition.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.consumer.PartitionView.Lookup;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;

/**
 * Brings records back into memory ahead of need (D9): whoever needs one waits in a list, the shard goes on. Each who waits
 * is told once what came of it. A read that was refused for lack of room on the disk is asked again: that passes, and says
 * nothing about the record. Shard's thread only.
 */
public final class RecordLoading {

    private static final long READ_AHEAD_BYTES = 4 << 20;
    /** Of the cache, not more than this part at once: what is read ahead must not push out what is waited for. */
    private static final int READ_AHEAD_PART = 4;
    /** Pause before a read that was refused is asked again. */
    private static final long AGAIN_NANOS = 100_000_000;

    /** What came of the wait for a record. */
    public enum Outcome {
        /** It is in memory now, for the moment at least. */
        READ,
        /** Its batch is no longer part of the partition, or another took its place: look again. */
        GONE,
        /** It cannot be read; {@link StoredBatch#damage} says why. */
        UNREADABLE,
        /** The partition gives out nothing any more. */
        ENDED
    }

    private final long partition;
    private final BatchList batches;
    private final ShardResources resources;
    /** Tells the shard whose state is worked on. */
    private final Runnable enter;
    private final Map<StoredBatch, List<Consumer<Outcome>>> waiters = new HashMap<>();
    private final List<StoredBatch> refused = new ArrayList<>(0);
    private final ShardTimer again = new ShardTimer(this::askAgain);
    private Runnable dataReady = () -> { };
    private Consumer<StoreException> corrupt = e -> { };
    private boolean ended;

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
        long limit = Math.min(READ_AHEAD_BYTES, resources.cache().readBudget() / READ_AHEAD_PART);
        long ahead = 0;
        for (int i = index; i < batches.size() && (i == index || ahead < limit); i++) {
            StoredBatch b = batches.get(i);
            ahead += b.recordBytes();
            if (b.record == null && !b.unreadable()) {
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
                failed(batch, cause);
            });
        }
    }

    /** Tells what came of it when the record is in memory, or never will be: at once when that is known now. */
    void with(StoredBatch batch, Consumer<Outcome> waiter) {
        if (ended) {
            waiter.accept(Outcome.ENDED);
        } else if (batch.gone) {
            waiter.accept(Outcome.GONE);
        } else if (batch.record != null) {
            waiter.accept(Outcome.READ);
        } else if (batch.unreadable()) {
            waiter.accept(Outcome.UNREADABLE);
        } else {
            waiters.computeIfAbsent(batch, b -> new ArrayList<>()).add(waiter);
            ask(batch);
        }
    }

    /** Asks for one batch of which nobody waits for more than {@code dataReady}. */
    void one(StoredBatch batch) {
        ask(batch);
    }

    /**
     * Reads the summary. It is given with {@link Outcome#READ} only; when the record has come into memory instead, that is
     * {@link Outcome#GONE}: look again.
     */
    void summary(StoredBatch batch, BiConsumer<Outcome, StoredSummary> waiter) {
        resources.loader().loadSummary(partition, batch, resources.shard(), summary -> {
            enter.run();
            waiter.accept(ended ? Outcome.ENDED : batch.gone ? Outcome.GONE : Outcome.READ, summary);
        }, cause -> {
            enter.run();
            summaryFailed(batch, cause, waiter);
        });
    }

    private void summaryFailed(StoredBatch batch, StoreException cause, BiConsumer<Outcome, StoredSummary> waiter) {
        if (ended) {
            waiter.accept(Outcome.ENDED, null);
        } else if (batch.gone || batch.record != null) {
            waiter.accept(Outcome.GONE, null);
        } else if (cause.full()) {
            resources.shard().set(new ShardTimer(() -> summary(batch, waiter)),
                resources.shard().clock().nowNanos() + AGAIN_NANOS);
        } else {
            unreadable(batch, cause);
            waiter.accept(Outcome.UNREADABLE, null);
        }
    }

    /** The record, read at once: only while the partition is recovered. */
    byte[] readNow(StoredBatch batch) throws StoreException {
        loaded(batch, resources.loader().read(partition, batch.first()));
        return batch.record;
    }

    /** The batch is gone; who waited for it sees to that when this turn is over. */
    void forget(StoredBatch batch) {
        List<Consumer<Outcome>> waiting = waiters.remove(batch);
        if (waiting != null) {
            waiting.forEach(w -> resources.shard().atEndOfTurn(() -> w.accept(ended ? Outcome.ENDED : Outcome.GONE)));
        }
    }

    /** Whoever waited for one batch waits for another. */
    void move(StoredBatch from, StoredBatch to) {
        List<Consumer<Outcome>> waiting = waiters.remove(from);
        if (waiting != null) {
            waiting.forEach(w -> with(to, w));
        }
    }

    /** The partition gives out nothing any more: everybody who waits is told, now or when he asks. */
    void end() {
        ended = true;
        resources.shard().cancel(again);
        refused.clear();
        List<List<Consumer<Outcome>>> all = List.copyOf(waiters.values());
        waiters.clear();
        all.forEach(waiting -> tell(waiting, Outcome.ENDED));
    }

    private static void tell(List<Consumer<Outcome>> waiting, Outcome outcome) {
        if (waiting != null) {
            waiting.forEach(w -> w.accept(outcome));
        }
    }

    private void loaded(StoredBatch batch, byte[] record) {
        batch.loading = false;
        if (batch.gone || ended) {
            return; // whoever waited was told then
        }
        if (batch.record == null) {
            batch.record = record;
            resources.cache().addRead(batch);
        }
        tell(waiters.remove(batch), Outcome.READ);
        dataReady.run();
    }

    private void failed(StoredBatch batch, StoreException cause) {
        batch.loading = false;
        if (batch.gone || ended) {
            return;
        }
        if (batch.record != null) { // it came by another way, and may be merged away meanwhile
            tell(waiters.remove(batch), Outcome.READ);
        } else if (cause.full()) {
            refused.add(batch);
            if (!again.set()) {
                resources.shard().set(again, resources.shard().clock().nowNanos() + AGAIN_NANOS);
            }
        } else {
            unreadable(batch, cause);
        }
    }

    private void askAgain() {
        enter.run();
        List<StoredBatch> now = List.copyOf(refused);
        refused.clear();
        for (StoredBatch batch : now) {
            if (!batch.gone && batch.record == null) {
                ask(batch);
            }
        }
    }

    /** Nothing of the batch is given out any more. */
    void unreadable(StoredBatch batch, StoreException cause) {
        if (!batch.gone && batch.record == null && !batch.unreadable()) {
            batch.damage = cause;
            corrupt.accept(cause);
            List<Consumer<Outcome>> waiting = waiters.remove(batch);
            if (waiting != null) {
                waiting.forEach(w -> resources.shard().atEndOfTurn(() -> w.accept(Outcome.UNREADABLE)));
            }
            dataReady.run(); // who waits for what follows it hears that nothing will
        }
    }
}

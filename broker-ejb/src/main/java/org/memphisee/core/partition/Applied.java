package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.memphisee.core.consumer.CorruptConsumerStateException;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.cursor.PartitionConsumers;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.AppliedBatches;
import org.memphisee.core.partition.log.PartitionState;
import org.memphisee.core.partition.log.Removed;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.partition.publish.Appender;
import org.memphisee.core.partition.publish.UnstoredIds;
import org.memphisee.core.time.BrokerClock;

/**
 * How stored changes take effect on a partition that decides nothing: one that is recovered, or one that copies what another
 * broker decided (ADR 0088). What it does to batches, the partition that decides does with the same {@link AppliedBatches}.
 * Shard's thread only.
 */
final class Applied {

    private final StoredMessages messages;
    private final AppliedBatches batches;
    private final PartitionConsumers consumers;
    private final Appender appender;
    private final BrokerClock clock;
    private final LongSupplier windowNanos;
    private final List<StoredBatch> held = new ArrayList<>();
    private final List<Long> remainders = new ArrayList<>(0);
    private long lastIdSequence;
    private String lastId = "";
    private long windowBegin;
    private boolean over;

    /** {@code windowNanos} tells how long message ids are known. */
    Applied(StoredMessages messages, PartitionConsumers consumers, Appender appender, BrokerClock clock,
            LongSupplier windowNanos) {
        this.messages = messages;
        this.batches = messages.applied();
        this.consumers = consumers;
        this.appender = appender;
        this.clock = clock;
        this.windowNanos = windowNanos;
    }

    // ---- what another broker decided

    /**
     * Changes of this partition, in the order in which they were decided. The store has everything before them and nothing of
     * them: what they drop may have to be read.
     *
     * @param done told once, later when something is read, whether all of it has taken effect; not when a record cannot be read,
     *     which freezes the partition, or when it ended. Until then nothing else is to be applied
     * @throws IllegalStateException when they do not continue what is here
     * @throws StoreException when a summary is damaged
     */
    void apply(List<StoreChange> changes, Consumer<Boolean> done) throws StoreException {
        stored();
        applyMore(changes, done);
    }

    /** The same for more changes of the same write, of which the store has nothing either. */
    void applyMore(List<StoreChange> changes, Consumer<Boolean> done) throws StoreException {
        apply(changes.iterator(), done);
    }

    /** The store has what was applied. */
    void stored() {
        held.forEach(batches::release);
        held.clear();
    }

    private void apply(Iterator<StoreChange> changes, Consumer<Boolean> done) throws StoreException {
        while (changes.hasNext()) {
            StoreChange change = changes.next();
            Step step = new Step(applied -> goOn(applied, changes, done));
            if (change instanceof StoreChange.PutTombstones c) {
                batches.tombstones(c.firstSequence(), Removed.decode(c.tombstones()), step);
            } else if (change instanceof StoreChange.MergeBatches c) {
                batches.merged(c.replaced(), c.summary(), exact(c.record(), c.offset(), c.length()), merged -> {
                    if (merged != null) {
                        hold(merged);
                    }
                    step.accept(merged != null);
                });
            } else if (change instanceof StoreChange.DropBatches c) {
                drop(c.firstSequences().iterator(), step);
            } else {
                applyAtOnce(change);
                continue;
            }
            if (!step.applied()) {
                return; // goes on when it ends, or has ended for good
            }
        }
        done.accept(true);
    }

    private void goOn(boolean applied, Iterator<StoreChange> changes, Consumer<Boolean> done) {
        if (!applied) {
            done.accept(false);
            return;
        }
        try {
            apply(changes, done);
        } catch (StoreException e) {
            appender.freeze(e);
            done.accept(false);
        }
    }

    private void applyAtOnce(StoreChange change) throws StoreException {
        if (change instanceof StoreChange.PutBatch c) {
            byte[] record = exact(c.record(), c.offset(), c.length());
            batch(c.summary(), null, record, e -> { });
            if (!UnstoredIds.holds(c.summary())) {
                hold(messages.batchOf(c.summary().firstSequence()));
            }
        } else if (change instanceof StoreChange.PutPartitionState c) {
            state(PartitionState.decode(c.state()));
        } else if (change instanceof StoreChange.PutCursor c) {
            cursor(c.consumer(), c.state());
        } else if (change instanceof StoreChange.DropCursor c) {
            consumers.droppedCursor(c.consumer());
        } else {
            throw new IllegalArgumentException("each broker does it for itself: " + change.getClass().getSimpleName());
        }
    }

    private static byte[] exact(byte[] record, int offset, int length) {
        return offset == 0 && length == record.length ? record : Arrays.copyOfRange(record, offset, offset + length);
    }

    /** What the next changes of the same write need cannot be read yet. */
    private void hold(StoredBatch batch) {
        batches.hold(batch);
        held.add(batch);
    }

    private void drop(Iterator<Long> keys, Consumer<Boolean> done) {
        while (keys.hasNext()) {
            long key = keys.next();
            Step step = new Step(applied -> {
                if (applied) {
                    drop(keys, done);
                } else {
                    done.accept(false);
                }
            });
            if (!batches.dropped(key, step)) {
                appender.unstoredIds().dropped(key);
            } else if (!step.applied()) {
                return;
            }
        }
        done.accept(true);
    }

    /** Something that may end at once, or later: what follows is not called from inside of it, however much there is. */
    private static final class Step implements Consumer<Boolean> {
        private final Consumer<Boolean> later;
        private boolean returned;
        private boolean applied;

        /** {@code later} is told how it ended, unless it has applied at once. */
        Step(Consumer<Boolean> later) {
            this.later = later;
        }

        @Override
        public void accept(Boolean how) {
            if (returned || !how) {
                later.accept(how);
            } else {
                applied = true;
            }
        }

        /** It was called: whether it has applied at once. Asked once. */
        boolean applied() {
            returned = true;
            return applied;
        }
    }

    // ---- one by one

    /**
     * A batch as the store has it, behind all that are here, or removed since ({@link #remainders}); see
     * {@link AppliedBatches#stored}.
     *
     * @param record null when it is not in memory
     */
    boolean batch(StoredSummary summary, Removed removed, byte[] record, Consumer<SubjectEntry> told) throws StoreException {
        long window = windowNanos.getAsLong();
        windowBegin = clock.wallNanos() - window;
        if (window > 0 && summary.lastTimestampNanos() > windowBegin) {
            summary.visitIds(this::id);
        }
        if (UnstoredIds.holds(summary)) {
            appender.unstoredIds().add(summary.firstSequence(), summary.lastTimestampNanos());
            return false;
        }
        if (batches.remainder(summary)) {
            remainders.add(summary.firstSequence());
            return false;
        }
        boolean some = batches.stored(summary, removed, record, told);
        over |= some;
        return some;
    }

    private void id(byte[] bytes, int offset, int length, long sequence, long timeNanos) {
        if (timeNanos > windowBegin) {
            appender.ids().recovered(bytes, offset, length, sequence, timeNanos);
            if (sequence > lastIdSequence) {
                lastIdSequence = sequence;
                lastId = new String(bytes, offset, length, StandardCharsets.UTF_8);
            }
        }
    }

    /** What the partition says of itself, behind the batches that it was stored with. */
    void state(PartitionState state) {
        messages.advance(state.last(), state.lastTimeNanos());
        messages.raiseFloor(state.first());
    }

    /** The cursor of a consumer that may come. */
    void cursor(long consumer, byte[] encoded) {
        try {
            org.memphisee.core.consumer.Consumer.check(encoded);
        } catch (CorruptConsumerStateException e) {
            throw new IllegalStateException("the cursor of consumer " + consumer + " is damaged: " + e.getMessage(), e);
        }
        consumers.recoveredCursor(consumer, encoded);
    }

    /** Batches that are still in the store although what came behind them shows that they were removed. */
    List<Long> remainders() {
        return remainders;
    }

    /** Whether some subject had more messages than the limit at some time. */
    boolean over() {
        return over;
    }

    /** That is all: what is decided here from now on comes behind it. */
    void complete() {
        appender.recovered(lastIdSequence == messages.lastSequence() ? lastId : "");
    }
}

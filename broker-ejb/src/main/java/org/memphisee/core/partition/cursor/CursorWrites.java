package org.memphisee.core.partition.cursor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.memphisee.core.append.CrashPoint;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.partition.retention.Removals;

/**
 * The way of cursors to the disk (D20): a changed cursor is stored after the interval at the latest, at once when somebody
 * waits for it; together with what was removed, so that a message never goes before the acknowledgement that released it.
 * One such write at a time. Shard's thread only.
 */
final class CursorWrites {

    private final long partition;
    private final List<ConsumerSlot> order;
    private final ShardResources resources;
    private final StoredMessages messages;
    private final Removals removals;
    private final BooleanSupplier mayWrite;
    private final Consumer<StoreException> freeze;
    private final StoredWithCursors joined;
    private final ShardTimer storeTimer = new ShardTimer(this::storeNow);
    private final Runnable endTurn = this::store;
    private final List<StoreChange> extra = new ArrayList<>();
    private final List<Runnable> afterNext = new ArrayList<>();
    private boolean writing;
    private boolean turnRequested;
    private boolean again;

    /**
     * Nothing to store yet.
     *
     * @param order the consumers of the partition, as they come and go
     * @param mayWrite whether the store may be changed for the partition
     * @param freeze told of a write that failed for another reason than a full disk
     * @param joined stored with them
     */
    CursorWrites(long partition, List<ConsumerSlot> order, ShardResources resources, StoredMessages messages,
                 Removals removals, BooleanSupplier mayWrite, Consumer<StoreException> freeze, StoredWithCursors joined) {
        this.partition = partition;
        this.order = order;
        this.resources = resources;
        this.messages = messages;
        this.removals = removals;
        this.mayWrite = mayWrite;
        this.freeze = freeze;
        this.joined = joined;
    }

    /** The cursor of a consumer that is no more goes with the next write. */
    void drop(long consumer) {
        extra.add(new StoreChange.DropCursor(partition, consumer));
    }

    /** Nothing is stored after the interval any more. */
    void stop() {
        resources.shard().cancel(storeTimer);
    }

    /** Whether a consumer's cursor is kept on disk. */
    boolean durable(ConsumerSlot slot) {
        return messages.file() && !slot.consumer().inMemory();
    }

    void storeSoon() {
        if (!storeTimer.set() && !writing) {
            resources.shard().set(storeTimer, resources.shard().clock().nowNanos() + resources.cursorIntervalNanos());
        } else if (writing) {
            again = true;
        }
    }

    void storeNow() {
        if (!turnRequested) {
            turnRequested = true;
            resources.shard().atEndOfTurn(endTurn);
        }
    }

    /** Whether a cursor has changed since it was last made durable. */
    boolean unstored() {
        if (writing || joined.unstored()) {
            return true;
        }
        for (ConsumerSlot slot : order) {
            if (slot.dirty() && durable(slot)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nobody waits for a cursor to be durable. */
    boolean idle() {
        return !writing && !turnRequested && afterNext.isEmpty() && order.stream().noneMatch(ConsumerSlot::waiting);
    }

    /** Runs once all that changed so far is durable. */
    void whenStored(Runnable action) {
        afterNext.add(action);
        storeNow();
    }

    private void store() {
        turnRequested = false;
        if (!mayWrite.getAsBoolean()) {
            return; // later, when it is opened, or never
        }
        if (writing) {
            again = true;
            return;
        }
        resources.shard().cancel(storeTimer);
        List<StoreChange> changes = new ArrayList<>();
        List<Runnable> then = new ArrayList<>(afterNext);
        afterNext.clear();
        List<ConsumerSlot> stored = new ArrayList<>();
        joined.collect(order, changes);
        for (ConsumerSlot slot : order) {
            if (slot.dirty()) {
                slot.stored();
                if (durable(slot)) {
                    changes.add(new StoreChange.PutCursor(partition, slot.id, slot.encodeState()));
                    stored.add(slot);
                }
            }
            then.addAll(slot.takeWaiting());
        }
        changes.addAll(extra);
        extra.clear();
        WriteFence behind = removals.collect(changes);
        if (changes.isEmpty()) {
            joined(WriteOutcome.COMMITTED);
            then.forEach(Runnable::run);
            return;
        }
        write(changes, behind, then, stored);
    }

    private void write(List<StoreChange> changes, WriteFence behind, List<Runnable> then, List<ConsumerSlot> stored) {
        writing = true;
        CrashPoint.CURSOR_BEFORE_COMMIT.reached();
        resources.group().propose(new Proposal(changes, true, 0, behind, outcome -> resources.shard().execute(() -> {
            messages.enter();
            joined(outcome);
            if (outcome instanceof WriteOutcome.Failed failure) {
                failed(changes, then, stored, failure);
            } else {
                done();
                then.forEach(Runnable::run);
            }
        })));
    }

    /** What was taken from consumers is gone for them from now on, or they have it still. */
    private void joined(WriteOutcome outcome) {
        for (int i = 0; i < order.size(); i++) {
            order.get(i).givenAway(outcome instanceof WriteOutcome.Committed);
        }
        joined.ended(outcome);
    }

    /** Nobody who waits for durability is answered; with a full disk it is tried again. */
    private void failed(List<StoreChange> changes, List<Runnable> then, List<ConsumerSlot> stored,
                        WriteOutcome.Failed why) {
        stored.forEach(ConsumerSlot::markDirty);
        extra.addAll(0, changes.stream().filter(c -> c instanceof StoreChange.DropCursor
            || c instanceof StoreChange.DropBatches).toList());
        removals.notStored(); // cursors, state and tombstones are encoded anew: they may have changed
        afterNext.addAll(0, then);
        done();
        if (why instanceof WriteOutcome.Refused) {
            storeSoon();
        } else {
            freeze.accept(why.cause());
        }
    }

    private void done() {
        writing = false;
        if (again) {
            again = false;
            boolean urgent = !afterNext.isEmpty() || order.stream().anyMatch(ConsumerSlot::waiting);
            if (urgent) {
                storeNow();
            } else {
                storeSoon();
            }
        }
    }
}

package org.memphisee.core.partition.retention;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.Merger;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.RecordLoading.Outcome;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.partition.log.StoredMessages;

/**
 * Removing messages one by one or by batch, and what of it the store must learn. Consumers hear of the removed range at
 * the end of the turn. Shard's thread only.
 */
public final class Removals {

    private final long partition;
    private final StoredMessages messages;
    private final Supplier<StoreChange> state;
    private final Runnable changed;
    private final List<Long> droppedBatches = new ArrayList<>();
    private final MessageView view = new MessageView();
    private long removedFrom = Long.MAX_VALUE;
    private long removedTo;
    private boolean storeNeeded;
    /** Where {@link #step} stopped to read, 0 when it did not. */
    private long stoppedAt;
    private Merger merger;

    /**
     * {@code state} gives what is to be stored of the partition itself; {@code changed} is told when something is to be stored or announced at the end of the turn.
     */
    public Removals(long partition, StoredMessages messages, Supplier<StoreChange> state, Runnable changed) {
        this.partition = partition;
        this.messages = messages;
        this.state = state;
        this.changed = changed;
    }

    /** Sequences that are gone now. */
    void removed(long from, long to) {
        storeNeeded = true;
        skipped(from, to);
    }

    /** Sequences of which some never had a message: like gone ones for consumers, and nothing to store. */
    public void skipped(long from, long to) {
        removedFrom = Math.min(removedFrom, from);
        removedTo = Math.max(removedTo, to);
        changed.run();
    }

    /** Takes a whole batch out. */
    void drop(int index) {
        StoredBatch b = messages.batches().get(index);
        messages.drop(index);
        droppedBatches.add(b.first());
        removed(b.first(), b.last());
    }

    /** The store still has batches that are gone. */
    public void dropStored(List<Long> firstSequences) {
        storeNeeded |= !firstSequences.isEmpty();
        droppedBatches.addAll(firstSequences);
    }

    /** What is decided here from now on begins with what is known to be gone and not stored: a start finds such messages. */
    public void storeGone() {
        for (int i = 0; i < messages.batches().size(); i++) {
            storeNeeded |= messages.batches().get(i).removedDirty;
        }
    }

    /** What came of the removal of one message. */
    public enum Removal {
        REMOVED,
        /** There was none. */
        ABSENT,
        /** Its record cannot be read, or nothing of the partition is known any more: it is as it was. */
        UNKNOWN
    }

    /** Removes one message, reading its batch when needed; tells once what came of it. */
    public void remove(long sequence, Consumer<Removal> done) {
        StoredBatch b = messages.batchOf(sequence);
        if (b == null || b.removed(sequence)) {
            done.accept(Removal.ABSENT);
            return;
        }
        messages.with(b, outcome -> {
            if (outcome == Outcome.READ && b.record != null) {
                removeFrom(b, sequence, done);
            } else if (outcome == Outcome.READ || outcome == Outcome.GONE) {
                remove(sequence, done); // another batch may hold it now
            } else {
                done.accept(Removal.UNKNOWN);
            }
        });
    }

    private void removeFrom(StoredBatch b, long sequence, Consumer<Removal> done) {
        int k = MessageBatch.indexOf(b.record, sequence);
        if (k == b.count() || b.removed(sequence) || MessageBatch.sequence(b.record, k) != sequence) {
            done.accept(Removal.ABSENT);
            return;
        }
        MessageBatch.view(b.record, k, view);
        if (!messages.mayRemove(view)) {
            messages.prepareRemoval(view, outcome -> {
                if (outcome == Outcome.ENDED) {
                    done.accept(Removal.UNKNOWN);
                } else {
                    remove(sequence, done);
                }
            });
            return;
        }
        messages.remove(b, view);
        removed(sequence, sequence);
        dropIfEmpty(b);
        done.accept(Removal.REMOVED);
    }

    /** Removes a message of which size and subject are known, without its record. */
    void removeKnown(long sequence, long accounted, SubjectEntry subject) {
        StoredBatch b = messages.batchOf(sequence);
        if (b != null && !b.removed(sequence)) {
            messages.remove(b, sequence, accounted, subject);
            removed(sequence, sequence);
            dropIfEmpty(b);
        }
    }

    /**
     * Removes all messages that the predicate names, batch by batch from a first to a last sequence, reading those that
     * may hold one. What cannot be read stays, and freezes the partition.
     *
     * @param done gets the number removed
     */
    public void removeIf(long from, long to, SubjectFilter filter, Predicate<MessageView> gone, Consumer<Long> done) {
        step(from, to, filter, gone, 0, done);
    }

    private void step(long from, long to, SubjectFilter filter, Predicate<MessageView> gone, long sum,
                      Consumer<Long> done) {
        long total = sum;
        long at = from;
        while (true) {
            int i = messages.batches().indexOf(at);
            StoredBatch b = i < messages.batches().size() ? messages.batches().get(i) : null;
            if (b == null || b.first() > to) {
                done.accept(total);
                return;
            }
            if (b.live() > 0 && !b.unreadable() && b.mayMatch(filter)) {
                stoppedAt = b.record == null ? Math.max(at, b.first()) : 0;
                if (b.record != null) {
                    total += removeInside(b, at, to, filter, gone);
                }
                if (stoppedAt > 0) {
                    long resumeAt = stoppedAt;
                    long soFar = total;
                    Consumer<Outcome> then = outcome -> {
                        if (outcome == Outcome.ENDED) {
                            done.accept(soFar);
                        } else {
                            step(resumeAt, to, filter, gone, soFar, done);
                        }
                    };
                    if (b.record == null) {
                        messages.with(b, then);
                    } else {
                        messages.prepareRemoval(view, then);
                    }
                    return;
                }
            }
            at = b.last() + 1;
        }
    }

    /** The number removed; stops, with the message in the view, when one cannot be removed without reading another record. */
    private long removeInside(StoredBatch b, long from, long to, SubjectFilter filter, Predicate<MessageView> gone) {
        long n = 0;
        for (int k = MessageBatch.indexOf(b.record, from); k < b.count(); k++) {
            MessageBatch.view(b.record, k, view);
            if (view.sequence > to) {
                break;
            }
            if (b.removed(view.sequence) || !filter.matches(view.bytes, view.subjectOffset, view.subjectLength)) {
                continue;
            }
            if (!messages.mayRemove(view)) { // before the predicate, which may count
                stoppedAt = view.sequence;
                return n;
            }
            if (gone.test(view)) {
                messages.remove(b, view);
                removed(view.sequence, view.sequence);
                n++;
            }
        }
        dropIfEmpty(b);
        return n;
    }

    /** Drops every batch that ends below a sequence, by its summary; the number of messages that went with them. */
    public long dropBelow(long sequence) {
        long n = 0;
        while (messages.batches().size() > 0) {
            StoredBatch b = messages.batches().first();
            if (b.last() >= sequence || b.merging || b.record == null && !messages.droppableUnread(b)) {
                break;
            }
            n += b.live();
            drop(0);
        }
        return n;
    }

    private void dropIfEmpty(StoredBatch b) {
        if (b.live() == 0 && !b.merging && !b.gone) {
            drop(messages.batches().indexOf(b.first()));
        }
    }

    /** First sequence removed since the last {@link #announced()}; {@code Long.MAX_VALUE} when none was. */
    public long removedFrom() {
        return removedFrom;
    }

    public long removedTo() {
        return removedTo;
    }

    public void announced() {
        removedFrom = Long.MAX_VALUE;
        removedTo = 0;
    }

    /** Who may be rewriting batches from which something is removed. */
    public void merger(Merger writingMerges) {
        merger = writingMerges;
    }

    /** What was collected could not be written: it is to be collected again. */
    public void notStored() {
        storeNeeded = true;
        for (int i = 0; i < messages.batches().size(); i++) {
            StoredBatch b = messages.batches().get(i);
            b.removedDirty |= b.removed != null;
        }
    }

    /**
     * Adds what the store must learn.
     *
     * @return orders it behind a merge that must come first; {@link WriteFence#NONE} when there is none
     */
    public WriteFence collect(List<StoreChange> changes) {
        if (!storeNeeded || !messages.file()) {
            return WriteFence.NONE;
        }
        storeNeeded = false;
        changes.add(state.get());
        if (!droppedBatches.isEmpty()) {
            changes.add(new StoreChange.DropBatches(partition, List.copyOf(droppedBatches)));
            droppedBatches.clear();
        }
        for (int i = 0; i < messages.batches().size(); i++) {
            StoredBatch b = messages.batches().get(i);
            if (b.removedDirty && !b.merging) {
                b.removedDirty = false;
                changes.add(new StoreChange.PutTombstones(partition, b.first(), b.removed.encode()));
            }
        }
        return merger.collectRemoved(changes);
    }
}

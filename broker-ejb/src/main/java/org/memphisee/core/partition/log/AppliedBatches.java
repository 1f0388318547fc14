package org.memphisee.core.partition.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.core.partition.index.BatchSubjects;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.index.SubjectIndex;
import org.memphisee.core.partition.log.RecordLoading.Outcome;

/**
 * How what is stored of batches takes effect on the messages in memory: for a partition that decides, when the store has it;
 * for one that is recovered; for one that copies what another broker decided (ADR 0088). It decides nothing and has nothing
 * stored. Shard's thread only.
 */
public final class AppliedBatches {

    private final StoredMessages messages;
    private final SubjectIndex subjects;
    private final MessageView view = new MessageView();
    /** Scratch of the batch being looked at. */
    private int liveLasts;
    private int subjectCount;
    private int mostOfOne;

    AppliedBatches(StoredMessages messages) {
        this.messages = messages;
        this.subjects = messages.subjectIndex();
    }

    // ---- batches that come

    /**
     * A batch that was gathered here is stored.
     *
     * @param entries those of its subjects, in the order of the summary
     */
    public StoredBatch gathered(BatchSummary summary, List<SubjectEntry> entries, byte[] record) {
        for (int i = 0; i < entries.size(); i++) {
            subjects.committed(entries.get(i), summary.subjects().get(i));
        }
        StoredBatch batch = new StoredBatch(summary, BatchSubjects.of(entries, summary.subjects(), summary.firstSequence()),
            record, !messages.file());
        messages.append(batch);
        return batch;
    }

    /**
     * A batch as the store has it; those before it are there already.
     *
     * @param removed what is gone of it, null for nothing
     * @param record null when it is not in memory: then it is read, at once, where some of its messages were removed and the
     *     summary alone does not tell of which subject they were
     * @param told of each subject that got an entry, when what the summary tells of it counts
     * @return whether some subject has more messages than the limit
     */
    public boolean stored(StoredSummary summary, Removed removed, byte[] record, Consumer<SubjectEntry> told)
        throws StoreException {
        StoredBatch batch = new StoredBatch(summary, null, record, !messages.file());
        batch.removed = removed != null && removed.count > 0 ? removed : null;
        measure(summary, batch);
        if (recordNeeded(batch)) {
            batch.subjects = subjectsOf(summary, batch);
            boolean over = indexMessages(batch, record == null ? messages.readNow(batch) : record);
            messages.append(batch);
            return over;
        }
        return indexSummary(summary, batch, told);
    }

    private void measure(StoredSummary summary, StoredBatch batch) throws StoreException {
        liveLasts = 0;
        subjectCount = 0;
        mostOfOne = 0;
        summary.visitSubjects((b, offset, length, first, last, count, lastBytes) -> {
            subjectCount++;
            mostOfOne = Math.max(mostOfOne, count);
            liveLasts += batch.removed(last) ? 0 : 1;
        });
    }

    private boolean recordNeeded(StoredBatch batch) {
        if (subjects.perSubject() == 1) {
            // what is left of a subject is its last message, and nothing else is left
            return batch.live() != liveLasts;
        }
        if (subjects.keepsSequences()) {
            return mostOfOne > 2 || batch.removed != null;
        }
        return batch.removed != null && (subjectCount > 1 || !batch.contiguous());
    }

    private BatchSubjects subjectsOf(StoredSummary summary, StoredBatch batch) throws StoreException {
        BatchSubjects.Builder known = new BatchSubjects.Builder();
        summary.visitSubjects((b, offset, length, first, last, count, lastBytes) -> known.add(
            known.full() ? b : Arrays.copyOfRange(b, offset, offset + length), (int) (first - batch.first()),
            (int) (last - batch.first()), count));
        return known.build();
    }

    private boolean indexSummary(StoredSummary summary, StoredBatch batch, Consumer<SubjectEntry> told)
        throws StoreException {
        BatchSubjects.Builder known = new BatchSubjects.Builder();
        boolean[] over = {false};
        messages.append(batch);
        boolean lastsOnly = subjects.perSubject() == 1;
        summary.visitSubjects((b, offset, length, first, last, count, lastBytes) -> {
            long kept = batch.removed == null || lastsOnly ? last
                : batch.first() + batch.removed.lastKept((int) (last - batch.first()));
            int left = lastsOnly ? batch.removed(last) ? 0 : 1 : batch.removed == null ? count : batch.live();
            SubjectEntry e = left > 0 ? count(b, offset, length, first, kept, left, kept == last ? lastBytes : 0) : null;
            if (e != null) {
                told.accept(e);
                over[0] |= tooMany(e);
            }
            byte[] text = e != null ? e.bytes : known.full() ? b : Arrays.copyOfRange(b, offset, offset + length);
            known.add(text, (int) (first - batch.first()), (int) (last - batch.first()), count);
        });
        messages.knows(batch, known.build());
        return over[0];
    }

    /** The subject's entry, null when it got none. */
    private SubjectEntry count(byte[] b, int offset, int length, long first, long last, int left, int lastBytes) {
        messages.streamSubjects().stored(b, offset, length);
        if (subjects.storedCold(b, offset, length, last, left, lastBytes)) {
            return null;
        }
        SubjectEntry e = subjects.entry(b, offset, length);
        if (e.sequences != null) {
            subjects.addSequence(e, first);
            if (left == 2) {
                subjects.addSequence(e, last);
            }
        }
        subjects.stored(e, last, lastBytes, left);
        return e;
    }

    private boolean indexMessages(StoredBatch batch, byte[] record) {
        boolean over = false;
        for (int k = 0; k < batch.count(); k++) {
            MessageBatch.view(record, k, view);
            if (!batch.removed(view.sequence)) {
                messages.streamSubjects().stored(record, view.subjectOffset, view.subjectLength);
                SubjectEntry e = subjects.entry(record, view.subjectOffset, view.subjectLength);
                if (e.sequences != null) {
                    subjects.addSequence(e, view.sequence);
                }
                subjects.stored(e, view.sequence,
                    (int) Math.min(Integer.MAX_VALUE, MessageBatch.accounted(messages.file(), view)), 1);
                over |= tooMany(e);
            }
        }
        return over;
    }

    private boolean tooMany(SubjectEntry e) {
        return subjects.perSubject() > 0 && e.count > subjects.perSubject();
    }

    // ---- batches that are merged

    /**
     * One batch takes the place of adjacent ones.
     *
     * @param record the messages of all of them, as {@link Merger#join} makes it
     */
    StoredBatch merged(List<StoredBatch> old, BatchSummary summary, byte[] record) {
        StoredBatch merged = new StoredBatch(summary, subjectsOf(summary), record, !messages.file());
        merged.removed = removed(old, record);
        messages.replace(old, merged);
        return merged;
    }

    /**
     * The same, of batches that are named by their first sequences; {@link #remainder what lies between them} goes.
     *
     * @param done gets the merged batch; null, as with {@link #tombstones}, when it has not taken effect
     * @throws IllegalStateException when one of them is not here
     */
    public void merged(List<Long> keys, BatchSummary summary, byte[] record, Consumer<StoredBatch> done) {
        List<StoredBatch> old = new ArrayList<>(keys.size());
        for (long key : keys) {
            old.add(batch(key));
        }
        int first = messages.batches().indexOf(keys.get(0));
        for (int i = 0; i < old.size(); i++) {
            StoredBatch b = messages.batches().get(first + i);
            if (b != old.get(i)) {
                dropped(b.first(), applied -> {
                    if (applied) {
                        merged(keys, summary, record, done);
                    } else {
                        done.accept(null);
                    }
                });
                return;
            }
        }
        done.accept(merged(old, summary, record));
    }

    /**
     * Whether a batch lies inside of the one before it: that one was merged of its neighbours after it had been removed here,
     * and before the store was told of that.
     */
    public boolean remainder(StoredSummary summary) {
        BatchList batches = messages.batches();
        return batches.size() > 0 && summary.firstSequence() <= batches.last().last();
    }

    /** What is gone of a merged record, null when nothing is. */
    Removed removed(List<StoredBatch> old, byte[] record) {
        Removed all = null;
        for (StoredBatch from : old) {
            if (from.removed == null) {
                continue;
            }
            all = all == null ? new Removed() : all;
            for (int k = MessageBatch.indexOf(record, from.first()); k < MessageBatch.count(record); k++) {
                MessageBatch.view(record, k, view);
                if (view.sequence > from.last()) {
                    break;
                }
                if (from.removed(view.sequence)) {
                    all.add((int) (view.sequence - old.get(0).first()), MessageBatch.accounted(messages.file(), view));
                }
            }
        }
        return all;
    }

    private BatchSubjects subjectsOf(BatchSummary summary) {
        BatchSubjects.Builder known = new BatchSubjects.Builder();
        for (SubjectCount s : summary.subjects()) {
            SubjectEntry e = subjects.find(s.subject());
            known.add(e == null ? s.subject().getBytes(StandardCharsets.UTF_8) : e.bytes,
                (int) (s.first() - summary.firstSequence()), (int) (s.last() - summary.firstSequence()), s.count());
        }
        return known.build();
    }

    /**
     * Has the records of batches in memory at the same time; {@link #merged} follows.
     *
     * @param keys their first sequences
     * @param done gets the batches; null when one cannot be read
     * @throws IllegalStateException when one of them is not here
     */
    void read(List<Long> keys, Consumer<List<StoredBatch>> done) {
        read(keys, new ArrayList<>(keys.size()), done);
    }

    private void read(List<Long> keys, List<StoredBatch> there, Consumer<List<StoredBatch>> done) {
        while (there.size() < keys.size()) {
            StoredBatch next = batch(keys.get(there.size()));
            if (next.record == null) {
                messages.with(next, outcome -> {
                    if (outcome == Outcome.READ) {
                        read(keys, there, done);
                    } else {
                        there.forEach(this::release);
                        done.accept(null);
                    }
                });
                return;
            }
            hold(next);
            there.add(next);
        }
        done.accept(there);
    }

    // ---- messages that go

    /**
     * Messages of a batch are gone. Where its record, or that of an earlier batch, must tell what that means for a subject, it
     * is read first.
     *
     * @param key first sequence of the batch
     * @param removed all that is gone of it
     * @param done told once whether it has taken effect; not when a record cannot be read
     */
    public void tombstones(long key, Removed removed, Consumer<Boolean> done) {
        if (messages.batches().size() == 0 || key < messages.batches().first().first()) {
            done.accept(true); // nothing of it was left when what is before it went
            return;
        }
        StoredBatch b = batch(key);
        remove(b, sequence -> removed.contains((int) (sequence - key)), applied -> {
            if (applied && !belongs(b, removed)) {
                throw new IllegalStateException("tombstones of batch " + key + " do not belong to it");
            }
            done.accept(applied);
        });
    }

    /**
     * Whether exactly what tombstones name is gone. With one message per subject, who recovered may know of more that has been
     * replaced: its store has to learn of that if it decides before the tombstones of it come.
     */
    private boolean belongs(StoredBatch b, Removed removed) {
        if (b.removed == null) {
            return false;
        }
        boolean more = !b.removed.same(removed);
        b.removedDirty |= more;
        return !more || subjects.perSubject() == 1 && b.removed.covers(removed);
    }

    /** A batch is gone with what is left in it; otherwise as {@link #tombstones}. False, and nothing told, when it is not here. */
    public boolean dropped(long key, Consumer<Boolean> done) {
        StoredBatch b = messages.batchOf(key);
        if (b == null || b.first() != key) {
            return false;
        }
        if (messages.batches().first() == b && messages.droppableUnread(b)) { // nothing is before it
            drop(b);
            done.accept(true);
        } else {
            remove(b, sequence -> true, applied -> {
                if (applied) {
                    drop(b);
                }
                done.accept(applied);
            });
        }
        return true;
    }

    private void drop(StoredBatch b) {
        messages.drop(messages.batches().indexOf(b.first()));
    }

    private StoredBatch batch(long key) {
        StoredBatch b = messages.batchOf(key);
        if (b == null || b.first() != key) {
            throw new IllegalStateException("no batch " + key + " in partition " + messages.partition());
        }
        return b;
    }

    private void remove(StoredBatch b, LongPredicate gone, Consumer<Boolean> done) {
        if (b.live() == 0) {
            done.accept(true);
            return;
        }
        messages.with(b, outcome -> {
            if (outcome == Outcome.READ) {
                removeFrom(b, gone, done);
            } else {
                done.accept(false);
            }
        });
    }

    private void removeFrom(StoredBatch b, LongPredicate gone, Consumer<Boolean> done) {
        for (int k = 0; k < b.count(); k++) {
            MessageBatch.view(b.record, k, view);
            if (b.removed(view.sequence) || !gone.test(view.sequence)) {
                continue;
            }
            if (!messages.mayRemove(view)) {
                messages.prepareRemoval(view, outcome -> remove(b, gone, done));
                return;
            }
            messages.remove(b, view);
        }
        b.removedDirty = false; // the store has it
        done.accept(true);
    }

    // ---- what is in the store before the next change

    /** Has a record stay in memory until {@link #release}, because it cannot be read yet. */
    public void hold(StoredBatch batch) {
        messages.resources().cache().remove(batch);
    }

    /** It can be. */
    public void release(StoredBatch batch) {
        if (!batch.gone) {
            messages.resources().cache().addWritten(batch);
        }
    }
}

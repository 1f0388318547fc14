package org.memphisee.core.partition.log;

import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.index.SubjectIndex;

/**
 * What consumers ask of the stored messages. Records that are not in memory are asked for; nothing waits for the disk.
 * Shard's thread only.
 */
public final class StoredView implements PartitionView {

    private final String name;
    private final StoredMessages messages;
    private final BatchList batches;
    private final SubjectIndex index;
    private final StreamSubjects subjects;
    private final BatchCache cache;
    private final RecordLoading loading;
    private final SubjectScan scan;
    private final MessageCounts counts;
    private final Positions positions;
    /** Where the last message was found: the next one is mostly there too. */
    private int hint;
    private StoredBatch awaited;

    StoredView(String name, StoredMessages messages, RecordLoading loading) {
        this.name = name;
        this.messages = messages;
        this.batches = messages.batches();
        this.index = messages.subjectIndex();
        this.subjects = messages.streamSubjects();
        this.cache = messages.resources().cache();
        this.loading = loading;
        this.scan = new SubjectScan(messages);
        this.counts = new MessageCounts(messages);
        this.positions = new Positions(messages);
    }

    @Override
    public String streamName() {
        return name;
    }

    @Override
    public long firstSequence() {
        return messages.firstSequence();
    }

    @Override
    public long lastSequence() {
        return messages.lastSequence();
    }

    @Override
    public Lookup next(long first, SubjectFilter wanted, MessageView view) {
        SubjectFilter filter = subjects.effective(wanted);
        long fromSequence = index.notBefore(first, filter);
        if (fromSequence > messages.lastSequence()) {
            return Lookup.NONE;
        }
        int i = hint < batches.size() && batches.get(hint).first() <= fromSequence && fromSequence <= batches.get(hint).last()
            ? hint : batches.indexOf(fromSequence);
        for (; i < batches.size(); i++) {
            StoredBatch b = batches.get(i);
            if (b.live() == 0 || !b.mayMatch(filter)) {
                continue;
            }
            hint = i;
            if (b.record == null) {
                awaited = b;
                return b.unreadable() ? Lookup.UNREADABLE : loading.ahead(i);
            }
            int n = b.count();
            for (int k = MessageBatch.indexOf(b.record, fromSequence); k < n; k++) {
                MessageBatch.view(b.record, k, view);
                if (!b.removed(view.sequence)
                    && filter.matches(view.bytes, view.subjectOffset, view.subjectLength)) {
                    return Lookup.FOUND;
                }
            }
        }
        return Lookup.NONE;
    }

    @Override
    public long resumeAt(long fromSequence) {
        return Math.max(fromSequence, awaited.first());
    }

    /** The batch for which {@link #next} answered LOADING or UNREADABLE. */
    StoredBatch awaited() {
        return awaited;
    }

    @Override
    public Lookup read(long sequence, MessageView view) {
        int i = batches.indexOf(sequence);
        if (i == batches.size() || batches.get(i).first() > sequence || batches.get(i).removed(sequence)) {
            return Lookup.NONE;
        }
        StoredBatch b = batches.get(i);
        if (b.record == null) {
            return b.unreadable() ? Lookup.UNREADABLE : loading.ahead(i);
        }
        cache.touch(b);
        int k = MessageBatch.indexOf(b.record, sequence);
        if (k == b.count()) {
            return Lookup.NONE;
        }
        MessageBatch.view(b.record, k, view);
        return view.sequence == sequence ? Lookup.FOUND : Lookup.NONE;
    }

    @Override
    public Lookup contains(long sequence) {
        StoredBatch b = messages.batchOf(sequence);
        if (b == null || b.removed(sequence)) {
            return Lookup.NONE;
        }
        if (b.contiguous()) {
            return Lookup.FOUND;
        }
        if (b.record == null) {
            if (b.unreadable()) {
                return Lookup.UNREADABLE;
            }
            loading.one(b);
            return Lookup.LOADING;
        }
        int k = MessageBatch.indexOf(b.record, sequence);
        return k < b.count() && MessageBatch.sequence(b.record, k) == sequence ? Lookup.FOUND : Lookup.NONE;
    }

    @Override
    public void count(long fromSequence, SubjectFilter filter, Tally tally) {
        counts.count(fromSequence, subjects.effective(filter), tally);
    }

    @Override
    public void lastMatching(SubjectFilter filter, Answer<Long> answer) {
        positions.last(subjects.effective(filter), answer);
    }

    @Override
    public void firstSequenceAt(long timeNanos, Answer<Long> answer) {
        positions.firstAt(timeNanos, answer);
    }

    @Override
    public void lastPerSubject(SubjectFilter filter, Answer<Lasts> answer) {
        positions.lastPerSubject(filter, answer);
    }

    @Override
    public boolean onePerSubject() {
        return counts.onePerSubject();
    }

    /** Calls for each subject that matches; {@code done} is told once, false when nothing is given out any more. */
    void forEachSubject(SubjectFilter filter, Consumer<SubjectEntry> action, Consumer<Boolean> done) {
        scan.forEach(filter, action, done);
    }

    @Override
    public List<String> subjects() {
        return subjects.patterns();
    }
}

package org.memphisee.core.station;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SubjectCount;

/**
 * The committed messages of a partition: batches in order, the subject index, look-ups and single removals. Records that
 * are not in memory are asked for; nothing waits for the disk but {@link #require}. Shard's thread only.
 */
final class StoredMessages implements PartitionView {

    private final long partition;
    private final ShardResources resources;
    private final boolean file;
    private final List<String> subjectsStored;
    private final String name;
    private final BatchList batches = new BatchList();
    private final SubjectIndex subjects = new SubjectIndex();
    private final RecordLoading loading;
    private final SubjectLasts lasts;
    private final MessageView scratch = new MessageView();
    private long count;
    private long bytes;
    private long floor = 1;
    private long last;
    private long lastTimeNanos;
    private int hint;

    StoredMessages(long partition, StreamConfig config, ShardResources resources) {
        this.partition = partition;
        this.resources = resources;
        this.file = config.storage() == StreamConfig.Storage.FILE;
        this.subjectsStored = config.subjects();
        this.name = config.name();
        this.loading = new RecordLoading(partition, batches, resources);
        this.lasts = new SubjectLasts(batches, subjects, loading);
    }

    /** Who is told when records arrive, and when one cannot be read. */
    void listeners(Runnable ready, Consumer<StoreException> unreadableRecord) {
        loading.listeners(ready, unreadableRecord);
    }

    long partition() {
        return partition;
    }

    ShardResources resources() {
        return resources;
    }

    BatchList batches() {
        return batches;
    }

    SubjectIndex subjectIndex() {
        return subjects;
    }

    long count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    long lastTimeNanos() {
        return lastTimeNanos;
    }

    boolean file() {
        return file;
    }

    /** A batch was committed, or recovered. */
    void append(StoredBatch batch) {
        batches.add(batch);
        count += batch.live();
        bytes += batch.liveBytes();
        last = Math.max(last, batch.last());
        lastTimeNanos = Math.max(lastTimeNanos, batch.summary.lastTimestampNanos());
        if (batch.pinned) {
            resources.guard().memory().add(batch);
        }
        if (batch.record != null) {
            resources.cache().addWritten(batch);
        }
    }

    /** Sequences up to here were given out, even if nothing of it is stored. */
    void advance(long lastSequence, long timeNanos) {
        last = Math.max(last, lastSequence);
        lastTimeNanos = Math.max(lastTimeNanos, timeNanos);
        if (count == 0) {
            floor = Math.max(floor, last + 1);
        }
    }

    /** Nothing below this sequence is stored any more. */
    void raiseFloor(long sequence) {
        floor = Math.max(floor, sequence);
    }

    // ---- look-ups

    @Override
    public String streamName() {
        return name;
    }

    @Override
    public long firstSequence() {
        for (int i = 0; i < batches.size(); i++) {
            StoredBatch b = batches.get(i);
            if (b.live() > 0) {
                long first = b.removed == null ? b.first() : firstKept(b);
                return Math.max(first, 1);
            }
        }
        return Math.max(floor, last + 1);
    }

    private static long firstKept(StoredBatch b) {
        int delta = b.removed.nextKept(0);
        if (b.contiguous() || b.record == null) {
            return b.first() + delta;
        }
        int index = MessageBatch.indexOf(b.record, b.first() + delta);
        while (b.removed(MessageBatch.sequence(b.record, index))) {
            index++;
        }
        return MessageBatch.sequence(b.record, index);
    }

    @Override
    public long lastSequence() {
        return last;
    }

    @Override
    public Lookup next(long fromSequence, SubjectFilter filter, MessageView view) {
        int i = hint < batches.size() && batches.get(hint).first() <= fromSequence && fromSequence <= batches.get(hint).last()
            ? hint : batches.indexOf(fromSequence);
        for (; i < batches.size(); i++) {
            StoredBatch b = batches.get(i);
            if (b.live() == 0 || !b.mayMatch(filter)) {
                continue;
            }
            hint = i;
            if (b.record == null) {
                return b.unreadable ? Lookup.NONE : loading.ahead(i);
            }
            int n = b.summary.count();
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
    public Lookup read(long sequence, MessageView view) {
        int i = batches.indexOf(sequence);
        if (i == batches.size() || batches.get(i).first() > sequence || batches.get(i).removed(sequence)) {
            return Lookup.NONE;
        }
        StoredBatch b = batches.get(i);
        if (b.record == null) {
            return b.unreadable ? Lookup.NONE : loading.ahead(i);
        }
        resources.cache().touch(b);
        int k = MessageBatch.indexOf(b.record, sequence);
        if (k == b.summary.count()) {
            return Lookup.NONE;
        }
        MessageBatch.view(b.record, k, view);
        return view.sequence == sequence ? Lookup.FOUND : Lookup.NONE;
    }

    @Override
    public boolean contains(long sequence) {
        int i = batches.indexOf(sequence);
        if (i == batches.size() || batches.get(i).first() > sequence || batches.get(i).removed(sequence)) {
            return false;
        }
        StoredBatch b = batches.get(i);
        if (b.contiguous()) {
            return true;
        }
        byte[] record = require(b);
        int k = record == null ? 0 : MessageBatch.indexOf(record, sequence);
        return record != null && k < b.summary.count() && MessageBatch.sequence(record, k) == sequence;
    }

    @Override
    public long countMatching(long fromSequence, SubjectFilter filter) {
        if (fromSequence > last) {
            return 0;
        }
        if (fromSequence <= firstSequence()) {
            if (filter.everything()) {
                return count;
            }
            long[] sum = {0};
            subjects.forEach(filter, e -> sum[0] += e.count);
            return sum[0];
        }
        long sum = 0;
        for (int i = batches.indexOf(fromSequence); i < batches.size(); i++) {
            StoredBatch b = batches.get(i);
            boolean whole = b.first() >= fromSequence;
            if (whole && filter.everything()) {
                sum += b.live();
            } else if (whole && b.removed == null) {
                sum += matching(b, filter);
            } else if (filter.everything() && b.contiguous()) {
                int below = (int) (fromSequence - b.first());
                sum += b.summary.count() - below - (b.removed == null ? 0 : b.removed.count - b.removed.below(below));
            } else if (b.mayMatch(filter)) {
                sum += countInside(b, fromSequence, filter);
            }
        }
        return sum;
    }

    private static long matching(StoredBatch b, SubjectFilter filter) {
        long sum = 0;
        for (SubjectCount s : b.summary.subjects()) {
            byte[] subject = s.subject().getBytes(StandardCharsets.UTF_8);
            if (filter.matches(subject, 0, subject.length)) {
                sum += s.count();
            }
        }
        return sum;
    }

    private long countInside(StoredBatch b, long fromSequence, SubjectFilter filter) {
        byte[] record = require(b);
        long sum = 0;
        if (record != null) {
            MessageView v = new MessageView();
            for (int k = MessageBatch.indexOf(record, fromSequence); k < b.summary.count(); k++) {
                MessageBatch.view(record, k, v);
                if (!b.removed(v.sequence) && filter.matches(record, v.subjectOffset, v.subjectLength)) {
                    sum++;
                }
            }
        }
        return sum;
    }

    @Override
    public long lastMatching(SubjectFilter filter) {
        if (filter.everything()) {
            return count == 0 ? 0 : lastKept();
        }
        long[] max = {0};
        subjects.forEach(filter, e -> max[0] = Math.max(max[0], e.last));
        return max[0];
    }

    private long lastKept() {
        long[] max = {0};
        subjects.forEach(SubjectFilter.EVERYTHING, e -> max[0] = Math.max(max[0], e.last));
        return max[0];
    }

    @Override
    public long firstSequenceAt(long timeNanos) {
        for (int i = 0; i < batches.size(); i++) {
            StoredBatch b = batches.get(i);
            if (b.live() == 0 || b.summary.lastTimestampNanos() < timeNanos) {
                continue;
            }
            if (b.removed == null && b.summary.firstTimestampNanos() >= timeNanos) {
                return b.first();
            }
            byte[] record = require(b);
            for (int k = 0; record != null && k < b.summary.count(); k++) {
                MessageBatch.view(record, k, scratch);
                if (scratch.timestampNanos >= timeNanos && !b.removed(scratch.sequence)) {
                    return scratch.sequence;
                }
            }
        }
        return last + 1;
    }

    @Override
    public long[] lastPerSubject(SubjectFilter filter) {
        List<Long> found = new ArrayList<>();
        subjects.forEach(filter, e -> found.add(e.last));
        return found.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    @Override
    public List<String> subjects() {
        return subjectsStored;
    }

    /** Store time of the first message, 0 for none. */
    long firstTimeNanos() {
        for (int i = 0; i < batches.size(); i++) {
            StoredBatch b = batches.get(i);
            if (b.live() > 0) {
                if (b.removed == null || b.record == null) {
                    return b.summary.firstTimestampNanos();
                }
                return read(firstKept(b), scratch) == Lookup.FOUND ? scratch.timestampNanos
                    : b.summary.firstTimestampNanos();
            }
        }
        return 0;
    }

    // ---- loading

    /** Runs the action once the record is in memory, at once when it is; not at all when it cannot be read. */
    void with(StoredBatch batch, Runnable action) {
        loading.with(batch, action);
    }

    /** The record, read at once when necessary; null when it cannot be read. Blocks: for rare questions only. */
    byte[] require(StoredBatch batch) {
        return loading.require(batch);
    }

    // ---- removal

    /** Removes the message in the view from its batch. */
    void remove(StoredBatch batch, MessageView message) {
        if (batch.removed(message.sequence)) {
            return;
        }
        if (batch.removed == null) {
            batch.removed = new Removed();
        }
        long accounted = MessageBatch.accounted(file, message);
        batch.removed.add((int) (message.sequence - batch.first()), accounted);
        batch.removedDirty = true;
        count--;
        bytes -= accounted;
        SubjectEntry e = subjects.find(message.bytes, message.subjectOffset, message.subjectLength);
        if (e != null) {
            lasts.removed(e, message.sequence);
        }
    }

    /** The last stored message of the subject before a sequence, 0 for none. */
    long previous(String subject, long sequence) {
        return lasts.previous(subjects.entry(subject), sequence);
    }

    /** Whether the batch can be dropped by its summary alone. */
    boolean droppableUnread(StoredBatch b) {
        return b.removed == null || b.summary.subjects().size() == 1 || b.live() == 0;
    }

    /** Takes a batch out with everything that is left in it; {@link #droppableUnread} must hold, or its record be there. */
    void drop(int index) {
        StoredBatch b = batches.get(index);
        if (b.live() > 0) {
            if (droppableUnread(b)) {
                for (SubjectCount s : b.summary.subjects()) {
                    SubjectEntry e = subjects.entry(s.subject());
                    long left = b.removed == null ? s.count() : b.live();
                    lasts.dropped(e, b, left);
                }
                count -= b.live();
                bytes -= b.liveBytes();
            } else {
                for (int k = 0; k < b.summary.count(); k++) {
                    MessageBatch.view(b.record, k, scratch);
                    remove(b, scratch);
                }
            }
        }
        b.gone = true;
        resources.guard().memory().remove(b);
        resources.cache().remove(b);
        loading.forget(b);
        batches.remove(index);
        if (index == 0) {
            raiseFloor(b.last() + 1);
        }
    }

    /** One batch takes the place of several. */
    void replace(List<StoredBatch> old, StoredBatch merged) {
        batches.replace(old, merged);
        if (merged.pinned) {
            resources.guard().memory().add(merged);
        }
        for (StoredBatch b : old) {
            b.gone = true;
            resources.guard().memory().remove(b);
            resources.cache().remove(b);
            loading.move(b, merged);
        }
        resources.cache().addWritten(merged);
    }
}

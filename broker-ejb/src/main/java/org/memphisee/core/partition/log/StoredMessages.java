package org.memphisee.core.partition.log;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import org.memphisee.core.append.Shard;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.PartitionView.Lookup;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.index.BatchSubjects;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.index.SubjectIndex;
import org.memphisee.core.stream.StreamConfig;

/**
 * The committed messages of a partition: batches in order, the subject index, look-ups and single removals. Records that
 * are not in memory are asked for; nothing waits for the disk. Shard's thread only.
 */
public final class StoredMessages {

    private final long partition;
    private final ShardResources resources;
    private final boolean file;
    private final StreamSubjects streamSubjects;
    private final BatchList batches = new BatchList();
    private final SubjectIndex subjects;
    private final RecordLoading loading;
    private final SubjectLasts lasts;
    private final StoredView view;
    private final AppliedBatches applied;
    private final MessageView scratch = new MessageView();
    private long count;
    private long bytes;
    private long floor = 1;
    private long last;
    private long lastTimeNanos;
    private Shard.Owner owner;
    private Watcher watcher = Watcher.NOBODY;

    public StoredMessages(long partition, StreamConfig config, ShardResources resources) {
        this.partition = partition;
        this.resources = resources;
        this.file = config.storage() == StreamConfig.Storage.FILE;
        this.streamSubjects = new StreamSubjects(config.subjects());
        this.subjects = new SubjectIndex(resources.index(), file);
        this.loading = new RecordLoading(partition, batches, resources, this::enter);
        this.lasts = new SubjectLasts(batches, subjects, loading);
        this.view = new StoredView(config.name(), this, loading);
        this.applied = new AppliedBatches(this);
    }

    /** Who is told of each message and batch that goes, at once. */
    public void watcher(Watcher told) {
        watcher = told;
    }

    /** Who is told when records arrive, and when one cannot be read. */
    public void listeners(Runnable ready, Consumer<StoreException> unreadableRecord) {
        loading.listeners(ready, unreadableRecord);
    }

    /** Whose state this is, for what escapes. */
    public void owner(Shard.Owner whose) {
        owner = whose;
    }

    /** A command of the shard begins that works on this partition. */
    public void enter() {
        resources.shard().enter(owner);
    }

    long partition() {
        return partition;
    }

    ShardResources resources() {
        return resources;
    }

    public StreamSubjects streamSubjects() {
        return streamSubjects;
    }

    public BatchList batches() {
        return batches;
    }

    public SubjectIndex subjectIndex() {
        return subjects;
    }

    public long count() {
        return count;
    }

    public long bytes() {
        return bytes;
    }

    public long lastTimeNanos() {
        return lastTimeNanos;
    }

    public boolean file() {
        return file;
    }

    /** How stored batches come, are merged and go. */
    public AppliedBatches applied() {
        return applied;
    }

    /** A batch was committed, or recovered. */
    void append(StoredBatch batch) {
        batches.add(batch);
        count += batch.live();
        bytes += batch.liveBytes();
        last = Math.max(last, batch.last());
        lastTimeNanos = Math.max(lastTimeNanos, batch.lastTimeNanos());
        if (batch.pinned) {
            resources.guard().memory().add(batch);
        }
        resources.cache().subjects().add(batch);
        if (batch.record != null) {
            resources.cache().addWritten(batch);
        }
    }

    /** A batch learned its subjects. */
    void knows(StoredBatch batch, BatchSubjects known) {
        batch.subjects = known;
        resources.cache().subjects().add(batch);
    }

    /** Sequences up to here were given out, even if nothing of it is stored. */
    public void advance(long lastSequence, long timeNanos) {
        last = Math.max(last, lastSequence);
        lastTimeNanos = Math.max(lastTimeNanos, timeNanos);
        if (count == 0) {
            floor = Math.max(floor, last + 1);
        }
    }

    /** Nothing below this sequence is stored any more. */
    public void raiseFloor(long sequence) {
        floor = Math.max(floor, sequence);
    }

    // ---- look-ups

    /** The messages as consumers see them. */
    public StoredView view() {
        return view;
    }

    /** First stored sequence; last + 1 when the partition is empty. */
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

    /** Highest committed sequence, 0 when nothing was ever stored. */
    public long lastSequence() {
        return last;
    }

    /** The batch that holds the sequence, if it is stored; null otherwise. */
    public StoredBatch batchOf(long sequence) {
        int i = batches.indexOf(sequence);
        return i == batches.size() || batches.get(i).first() > sequence ? null : batches.get(i);
    }

    /** Last message of a subject before the batch that was committed last, 0 for none. */
    public long lastBefore(String subject) {
        SubjectEntry e = subjects.find(subject);
        return e == null ? 0 : e.lastBefore;
    }

    /** Store time of the first message, 0 for none. */
    public long firstTimeNanos() {
        for (int i = 0; i < batches.size(); i++) {
            StoredBatch b = batches.get(i);
            if (b.live() > 0) {
                if (b.removed == null || b.record == null) {
                    return b.firstTimeNanos();
                }
                return view.read(firstKept(b), scratch) == Lookup.FOUND ? scratch.timestampNanos
                    : b.firstTimeNanos();
            }
        }
        return 0;
    }

    // ---- loading

    /** Tells once what came of it when the record is in memory, at once when it is, or when it never will be. */
    public void with(StoredBatch batch, Consumer<RecordLoading.Outcome> waiter) {
        loading.with(batch, waiter);
    }

    /** Nothing is given out any more; everybody who waits for a record is told. */
    public void end() {
        loading.end();
    }

    /** What the store has of a batch is damaged. */
    void unreadable(StoredBatch batch, StoreException cause) {
        loading.unreadable(batch, cause);
    }

    /** Tells once what came of it when the summary was read. */
    void withSummary(StoredBatch batch, BiConsumer<RecordLoading.Outcome, StoredSummary> waiter) {
        loading.summary(batch, waiter);
    }

    /** Asks for the record and some that follow. */
    void readAhead(StoredBatch batch) {
        loading.ahead(batches.indexOf(batch.first()));
    }

    /** The record, read at once: only while the partition is recovered. */
    public byte[] readNow(StoredBatch batch) throws StoreException {
        return loading.readNow(batch);
    }

    /** Whether the message may be removed now; else {@link #prepareRemoval} first. */
    public boolean mayRemove(MessageView message) {
        SubjectEntry e = subjects.look(message.bytes, message.subjectOffset, message.subjectLength);
        return e == null || lasts.ready(e, message.sequence);
    }

    /** Reads what must be known to remove the message; tells once when to look again. */
    public void prepareRemoval(MessageView message, Consumer<RecordLoading.Outcome> then) {
        lasts.prepare(Arrays.copyOfRange(message.bytes, message.subjectOffset,
            message.subjectOffset + message.subjectLength), message.sequence, then);
    }

    // ---- removal

    /** Removes the message in the view from its batch. */
    public void remove(StoredBatch batch, MessageView message) {
        if (batch.removed(message.sequence)) {
            return;
        }
        remove(batch, message.sequence, MessageBatch.accounted(file, message),
            subjects.find(message.bytes, message.subjectOffset, message.subjectLength));
    }

    /** Removes the message of which all is known, so that its record is not needed; the entry is null when it has none. */
    public void remove(StoredBatch batch, long sequence, long accounted, SubjectEntry e) {
        if (batch.removed == null) {
            batch.removed = new Removed();
        }
        batch.removed.add((int) (sequence - batch.first()), accounted);
        batch.removedDirty = true;
        count--;
        bytes -= accounted;
        if (e != null) {
            watcher.removed(sequence, e.bytes);
            lasts.removed(e, sequence);
        } else {
            watcher.dropped(sequence, sequence, filter -> -1);
        }
    }

    /** Whether the batch can be dropped by its summary alone. */
    public boolean droppableUnread(StoredBatch b) {
        return b.live() == 0 || b.subjects != null && (b.removed == null || b.subjects.size() == 1);
    }

    /** Takes a batch out with everything that is left in it; {@link #droppableUnread} must hold, or its record be there. */
    public void drop(int index) {
        StoredBatch b = batches.get(index);
        if (b.live() > 0) {
            if (droppableUnread(b)) {
                for (int s = 0; s < b.subjects.size(); s++) {
                    long left = b.removed == null ? b.subjects.count(s) : b.live();
                    lasts.dropped(subjects.entry(b.subjects.text(s)), b, left);
                }
                count -= b.live();
                bytes -= b.liveBytes();
                watcher.dropped(b.first(), b.last(), filter -> b.removed == null ? b.subjects.matching(filter)
                    : b.subjects.anyMatches(filter) ? b.live() : 0);
            } else {
                for (int k = 0; k < b.count(); k++) {
                    MessageBatch.view(b.record, k, scratch);
                    remove(b, scratch);
                }
            }
        }
        gone(b);
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
            gone(b);
            loading.move(b, merged);
        }
        resources.cache().subjects().add(merged);
        resources.cache().addWritten(merged);
    }

    private void gone(StoredBatch b) {
        b.gone = true;
        resources.guard().memory().remove(b);
        resources.cache().remove(b);
        resources.cache().subjects().remove(b);
    }

    /** Hears of what goes. */
    public interface Watcher {
        Watcher NOBODY = new Watcher() {
            @Override
            public void removed(long sequence, byte[] subject) { }

            @Override
            public void dropped(long first, long last, ToLongFunction<SubjectFilter> matching) { }
        };

        /** One message. */
        void removed(long sequence, byte[] subject);

        /** All messages of a batch that were left; how many of them matched a filter, negative when that is not known. */
        void dropped(long first, long last, ToLongFunction<SubjectFilter> matching);
    }
}

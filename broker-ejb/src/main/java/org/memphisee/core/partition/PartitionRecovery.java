package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.memphisee.core.consumer.Consumer;
import org.memphisee.core.consumer.CorruptConsumerStateException;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.cursor.PartitionConsumers;
import org.memphisee.core.partition.index.BatchSubjects;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.index.SubjectIndex;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.PartitionState;
import org.memphisee.core.partition.log.Removed;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.partition.publish.Appender;
import org.memphisee.core.partition.publish.UnstoredIds;
import org.memphisee.core.partition.retention.Trimmer;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.BrokerClock;

/**
 * Brings a partition back from its summaries, one after the other: what is kept of each follows from its number of batches
 * and subjects, never from its number of messages. A record is read only where some of its messages were removed and the
 * summary alone does not tell of which subject they were. Shard's thread only.
 */
final class PartitionRecovery implements LogStore.PartitionVisitor {

    private final StoredMessages messages;
    private final SubjectIndex subjects;
    private final PartitionConsumers consumers;
    private final Appender appender;
    private final Map<Long, Removed> tombstones = new HashMap<>();
    private final MessageView view = new MessageView();
    private PartitionState state = new PartitionState(0, 0, 0);
    private long perSubject;
    private boolean trims;
    private long window;
    private long windowBegin;
    private long lastIdSequence;
    private String lastId = "";
    private boolean over;
    /** Scratch of the batch being visited. */
    private int liveLasts;
    private int subjectCount;
    private int mostOfOne;

    PartitionRecovery(StoredMessages messages, PartitionConsumers consumers, Appender appender) {
        this.messages = messages;
        this.subjects = messages.subjectIndex();
        this.consumers = consumers;
        this.appender = appender;
    }

    /** Reads it all. Whether some subject has more messages than the limit, because a crash came before their removal. */
    boolean run(long partition, StreamConfig config, LogStore store, BrokerClock clock) throws StoreException {
        perSubject = config.maxMsgsPerSubject();
        trims = Trimmer.trimsSubjects(config);
        window = config.duplicateWindowNanos();
        windowBegin = clock.wallNanos() - window;
        store.recoverPartition(partition, this);
        messages.advance(state.last(), state.lastTimeNanos());
        messages.raiseFloor(state.first());
        appender.recovered(lastIdSequence == messages.lastSequence() ? lastId : "");
        return over;
    }

    @Override
    public void state(byte[] encoded) {
        state = PartitionState.decode(encoded);
    }

    @Override
    public void tombstones(long firstSequence, byte[] encoded) {
        tombstones.put(firstSequence, Removed.decode(encoded));
    }

    @Override
    public void batch(StoredSummary summary) throws StoreException {
        if (window > 0 && summary.lastTimestampNanos() > windowBegin) {
            summary.visitIds(this::id);
        }
        if (UnstoredIds.holds(summary)) {
            appender.unstoredIds().add(summary.firstSequence(), summary.lastTimestampNanos());
            return;
        }
        Removed removed = tombstones.remove(summary.firstSequence());
        StoredBatch batch = new StoredBatch(summary, null, null, false);
        batch.removed = removed != null && removed.count > 0 ? removed : null;
        measure(summary, batch);
        if (recordNeeded(batch)) {
            batch.subjects = subjectsOf(summary, batch);
            indexMessages(batch);
            messages.append(batch);
        } else {
            indexSummary(summary, batch);
        }
    }

    @Override
    public void cursor(long consumer, byte[] encoded) {
        try {
            Consumer.check(encoded);
        } catch (CorruptConsumerStateException e) {
            throw new IllegalStateException("the cursor of consumer " + consumer + " is damaged: " + e.getMessage(), e);
        }
        consumers.recoveredCursor(consumer, encoded);
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
        if (perSubject == 1) {
            // what is left of a subject is its last message, and nothing else is left
            return batch.live() != liveLasts;
        }
        if (perSubject > 1) {
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

    private void indexSummary(StoredSummary summary, StoredBatch batch) throws StoreException {
        BatchSubjects.Builder known = new BatchSubjects.Builder();
        messages.append(batch);
        summary.visitSubjects((b, offset, length, first, last, count, lastBytes) -> {
            long kept = batch.removed == null || perSubject == 1 ? last
                : batch.first() + batch.removed.lastKept((int) (last - batch.first()));
            int left = perSubject == 1 ? batch.removed(last) ? 0 : 1 : batch.removed == null ? count : batch.live();
            SubjectEntry e = left > 0 ? recovered(b, offset, length, first, kept, left, kept == last ? lastBytes : 0) : null;
            byte[] text = e != null ? e.bytes : known.full() ? b : Arrays.copyOfRange(b, offset, offset + length);
            known.add(text, (int) (first - batch.first()), (int) (last - batch.first()), count);
        });
        messages.knows(batch, known.build());
    }

    /** The subject's entry, null when it got none. */
    private SubjectEntry recovered(byte[] b, int offset, int length, long first, long last, int left, int lastBytes) {
        messages.streamSubjects().stored(b, offset, length);
        if (subjects.recoveredCold(b, offset, length, last, left, lastBytes)) {
            return null;
        }
        SubjectEntry e = subjects.entry(b, offset, length);
        long before = e.count > 0 ? e.last : 0;
        int beforeBytes = e.lastBytes;
        e.last = last;
        e.assignedLast = last;
        e.lastBytes = lastBytes;
        if (e.sequences != null) {
            subjects.addSequence(e, first);
            if (left == 2) {
                subjects.addSequence(e, last);
            }
        }
        subjects.count(e, left);
        if (trims && perSubject == 1 && before > 0 && beforeBytes > 0) {
            // its removal was not stored when the process died
            messages.remove(messages.batchOf(before), before, beforeBytes, e);
        }
        over |= perSubject > 0 && e.count > perSubject;
        return e;
    }

    private void indexMessages(StoredBatch batch) throws StoreException {
        byte[] record = messages.readNow(batch);
        for (int k = 0; k < batch.count(); k++) {
            MessageBatch.view(record, k, view);
            if (!batch.removed(view.sequence)) {
                messages.streamSubjects().stored(record, view.subjectOffset, view.subjectLength);
                SubjectEntry e = subjects.entry(record, view.subjectOffset, view.subjectLength);
                e.last = view.sequence;
                e.assignedLast = view.sequence;
                e.lastBytes = (int) Math.min(Integer.MAX_VALUE, MessageBatch.accounted(messages.file(), view));
                if (e.sequences != null) {
                    subjects.addSequence(e, view.sequence);
                }
                subjects.count(e, 1);
                over |= perSubject > 0 && e.count > perSubject;
            }
        }
    }
}

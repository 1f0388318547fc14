package org.memphisee.core.station;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.consumer.Consumer;
import org.memphisee.core.consumer.CorruptConsumerStateException;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.BrokerClock;

/**
 * Brings a partition back from its summaries. A record is read only where some of its messages were removed and the
 * summary alone does not tell of which subject they were. Shard's thread only.
 */
final class PartitionRecovery implements LogStore.PartitionVisitor {

    private final StoredMessages messages;
    private final PartitionConsumers consumers;
    private final Appender appender;
    private final List<BatchSummary> batches = new ArrayList<>();
    private final Map<Long, Removed> tombstones = new HashMap<>();
    private final List<MessageId> ids = new ArrayList<>();
    private final MessageView view = new MessageView();
    private PartitionState state = new PartitionState(0, 0, 0);

    PartitionRecovery(StoredMessages messages, PartitionConsumers consumers, Appender appender) {
        this.messages = messages;
        this.consumers = consumers;
        this.appender = appender;
    }

    void run(long partition, StreamConfig config, LogStore store, BrokerClock clock) throws StoreException {
        store.recoverPartition(partition, this);
        for (BatchSummary summary : batches) {
            if (UnstoredIds.holds(summary)) {
                appender.unstoredIds().add(summary.firstSequence(), summary.lastTimestampNanos());
                ids.addAll(summary.messageIds());
                continue;
            }
            StoredBatch batch = new StoredBatch(summary, null, false);
            batch.removed = tombstones.get(summary.firstSequence());
            ids.addAll(summary.messageIds());
            index(batch);
            messages.append(batch);
        }
        messages.advance(state.last(), state.lastTimeNanos());
        messages.raiseFloor(state.first());
        long window = clock.wallNanos() - config.duplicateWindowNanos();
        ids.removeIf(m -> m.timestampNanos() <= window);
        appender.recovered(ids);
        if (appender.frozen() != null) {
            throw appender.frozen(); // a record that the index needs cannot be read
        }
    }

    @Override
    public void state(byte[] encoded) {
        state = PartitionState.decode(encoded);
    }

    @Override
    public void batch(BatchSummary summary) {
        batches.add(summary);
    }

    @Override
    public void tombstones(long firstSequence, byte[] encoded) {
        tombstones.put(firstSequence, Removed.decode(encoded));
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

    private void index(StoredBatch batch) {
        boolean someRemoved = batch.removed != null && batch.removed.count > 0;
        boolean read = someRemoved && batch.summary.subjects().size() > 1
            || messages.subjectIndex().keepsSequences()
            && batch.summary.subjects().stream().anyMatch(s -> s.count() > 2 || batch.removed != null);
        if (read) {
            indexMessages(batch);
        } else {
            indexSummary(batch);
        }
    }

    private void indexSummary(StoredBatch batch) {
        batch.summary.subjects().forEach(s -> {
            SubjectEntry e = messages.subjectIndex().entry(s.subject());
            count(e, s.last(), batch.removed == null ? s.count() : batch.live());
            if (e.sequences != null) {
                e.sequences.add(s.first());
                if (s.count() == 2) {
                    e.sequences.add(s.last());
                }
            }
        });
    }

    private void indexMessages(StoredBatch batch) {
        byte[] record = messages.require(batch);
        for (int k = 0; record != null && k < batch.summary.count(); k++) {
            MessageBatch.view(record, k, view);
            if (!batch.removed(view.sequence)) {
                SubjectEntry e = messages.subjectIndex().entry(record, view.subjectOffset, view.subjectLength);
                count(e, view.sequence, 1);
                if (e.sequences != null) {
                    e.sequences.add(view.sequence);
                }
            }
        }
    }

    private void count(SubjectEntry e, long last, int left) {
        if (left > 0) {
            e.last = last;
            e.assignedLast = last;
        }
        messages.subjectIndex().count(e, left);
    }
}

package org.memphisee.core.partition;

import java.util.HashMap;
import java.util.Map;

import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.PartitionState;
import org.memphisee.core.partition.log.Removed;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.partition.retention.Trimmer;
import org.memphisee.core.stream.StreamConfig;

/**
 * Brings a partition back from its summaries, one after the other: what is kept of each follows from its number of batches
 * and subjects, never from its number of messages. A record is read only where some of its messages were removed and the
 * summary alone does not tell of which subject they were. Shard's thread only.
 */
final class PartitionRecovery implements LogStore.PartitionVisitor {

    private final StoredMessages messages;
    private final Applied applied;
    private final Map<Long, Removed> tombstones = new HashMap<>();
    private PartitionState state = new PartitionState(0, 0, 0);
    private boolean onlyLasts;
    private boolean over;

    PartitionRecovery(StoredMessages messages, Applied applied) {
        this.messages = messages;
        this.applied = applied;
    }

    /** Reads it all. Whether some subject has more messages than the limit, because a crash came before their removal. */
    boolean run(long partition, StreamConfig config, LogStore store) throws StoreException {
        onlyLasts = Trimmer.trimsSubjects(config) && config.maxMsgsPerSubject() == 1;
        store.recoverPartition(partition, this);
        applied.state(state);
        applied.complete();
        return over;
    }

    @Override
    public void state(byte[] encoded) {
        state = PartitionState.decode(encoded); // it takes effect behind the batches
    }

    @Override
    public void tombstones(long firstSequence, byte[] encoded) {
        tombstones.put(firstSequence, Removed.decode(encoded));
    }

    @Override
    public void batch(StoredSummary summary) throws StoreException {
        over |= applied.batch(summary, tombstones.remove(summary.firstSequence()), null, this::removeOlder);
    }

    @Override
    public void cursor(long consumer, byte[] encoded) {
        applied.cursor(consumer, encoded);
    }

    /** With one message per subject, the removal of the one before may not have been stored when the process died. */
    private void removeOlder(SubjectEntry e) {
        if (onlyLasts && e.lastBefore > 0 && e.lastBeforeBytes > 0) {
            messages.remove(messages.batchOf(e.lastBefore), e.lastBefore, e.lastBeforeBytes, e);
        }
    }
}

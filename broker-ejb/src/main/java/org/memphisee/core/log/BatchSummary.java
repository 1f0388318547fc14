package org.memphisee.core.log;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a partition must know of a batch without reading it (D19).
 *
 * @param firstSequence lowest sequence in the batch; its key
 * @param lastSequence highest sequence in the batch
 * @param count messages in it; less than the range where earlier gaps were merged
 * @param firstTimestampNanos store time of the first message, nanoseconds since the epoch
 * @param lastTimestampNanos store time of the last message
 * @param storedBytes accounted bytes of its messages (jetstream-api.md 5.4)
 * @param recordBytes length of the record in the store
 * @param subjects its subjects
 * @param messageIds its deduplication ids
 */
public record BatchSummary(long firstSequence, long lastSequence, int count, long firstTimestampNanos,
                           long lastTimestampNanos, long storedBytes, int recordBytes, List<SubjectCount> subjects,
                           List<MessageId> messageIds) implements StoredSummary {
    public BatchSummary {
        subjects = List.copyOf(subjects);
        messageIds = List.copyOf(messageIds);
    }

    @Override
    public void visitSubjects(SubjectVisitor visitor) throws StoreException {
        for (SubjectCount s : subjects) {
            byte[] text = s.subject().getBytes(StandardCharsets.UTF_8);
            visitor.subject(text, 0, text.length, s.first(), s.last(), s.count(), s.lastBytes());
        }
    }

    @Override
    public void visitIds(IdVisitor visitor) {
        for (MessageId id : messageIds) {
            byte[] text = id.id().getBytes(StandardCharsets.UTF_8);
            visitor.id(text, 0, text.length, id.sequence(), id.timestampNanos());
        }
    }
}

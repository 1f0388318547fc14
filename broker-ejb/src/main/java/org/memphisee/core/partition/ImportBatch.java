package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.publish.PublishHeaders;

/** A batch of messages that have their sequences and times already. One thread at a time. */
final class ImportBatch {

    /** A batch spans no more sequences than this, gaps included: what is removed of it takes a bit for each. */
    private static final long MAX_SPAN = 1 << 20;

    private final long partition;
    private final PublishHeaders headers = new PublishHeaders();
    private final Map<String, SubjectCount> subjects = new LinkedHashMap<>();
    private final List<MessageId> ids = new ArrayList<>();
    private byte[] record = new byte[MessageBatch.FULL + (MessageBatch.FULL >> 2)];
    private int[] offsets = new int[1024];
    private int position = MessageBatch.HEADER;
    private int count;
    private long first;
    private long last;
    private long firstTime;
    private long lastTime;
    private long storedBytes;

    ImportBatch(long partition) {
        this.partition = partition;
    }

    boolean empty() {
        return count == 0;
    }

    /** Whether a message of so many bytes with this sequence belongs to the next batch. */
    boolean full(long sequence, int bytes) {
        return count > 0 && (position + bytes > MessageBatch.FULL || sequence - first >= MAX_SPAN);
    }

    void add(String subject, long sequence, long timeNanos, int headerLength, byte[] body) {
        byte[] text = subject.getBytes(StandardCharsets.UTF_8);
        int length = MessageBatch.ENTRY + text.length + body.length;
        room(length);
        if (count == 0) {
            first = sequence;
            firstTime = timeNanos;
        }
        offsets[count++] = position;
        MessageBatch.putEntry(record, position, (int) (sequence - first), timeNanos, headerLength, body.length - headerLength,
            text.length);
        System.arraycopy(text, 0, record, position + MessageBatch.ENTRY, text.length);
        System.arraycopy(body, 0, record, position + MessageBatch.ENTRY + text.length, body.length);
        position += length;
        last = sequence;
        lastTime = timeNanos;
        long accounted = MessageBatch.accounted(true, text.length, headerLength, body.length - headerLength);
        storedBytes += accounted;
        int bytes = (int) Math.min(Integer.MAX_VALUE, accounted);
        subjects.merge(subject, new SubjectCount(subject, sequence, sequence, 1, bytes),
            (x, y) -> new SubjectCount(subject, x.first(), y.last(), x.count() + 1, y.lastBytes()));
        String id = headerLength == 0 ? null : headers.messageId(body, 0, headerLength);
        if (id != null) {
            ids.add(new MessageId(id, sequence, timeNanos));
        }
    }

    private void room(int length) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        int need = position + length + 4 * (count + 1);
        if (need > record.length) {
            record = Arrays.copyOf(record, Math.max(need, record.length + record.length / 4));
        }
    }

    /** There will be no more messages. */
    void close() {
        record = new byte[0];
        offsets = new int[0];
    }

    /** What is to be stored; the batch begins anew. */
    StoreChange.PutBatch take() {
        int index = position;
        byte[] exact = Arrays.copyOf(record, index + 4 * count);
        for (int i = 0; i < count; i++) {
            MessageBatch.putInt(exact, index + 4 * i, offsets[i]);
        }
        MessageBatch.putHeader(exact, count, index, first);
        BatchSummary summary = new BatchSummary(first, last, count, firstTime, lastTime, storedBytes, exact.length,
            List.copyOf(subjects.values()), ids);
        subjects.clear();
        ids.clear();
        position = MessageBatch.HEADER;
        count = 0;
        storedBytes = 0;
        return new StoreChange.PutBatch(partition, summary, exact, 0, exact.length);
    }
}

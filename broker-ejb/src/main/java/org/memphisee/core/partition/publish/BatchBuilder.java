package org.memphisee.core.partition.publish;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.port.PublishRequest;

/**
 * The batch that gathers while earlier ones are being written: messages encoded once into the record, and the publishers
 * who wait for it. Shard's thread only.
 */
final class BatchBuilder {

    /** What a message that is not stored counts towards that: its publisher waits like others. */
    private static final int UNSTORED = 64;

    private byte[] record;
    private int position = MessageBatch.HEADER;
    private int[] offsets = new int[16];
    private int count;
    private final long firstSequence;
    private long lastSequence;
    /** Last sequence given out, stored or not. */
    private long lastGiven;
    private int unstored;
    private long firstTime;
    private long lastTime;
    private long storedBytes;
    private final List<SubjectEntry> subjects = new ArrayList<>(4);
    private final List<MessageId> ids = new ArrayList<>(0);
    private final Waiting waiting = new Waiting();
    private final Arrivals arrivals = new Arrivals();
    private long held;
    private int replacing;
    private String lastId = "";

    BatchBuilder(long firstSequence, int expectedBytes) {
        this.firstSequence = firstSequence;
        this.record = new byte[Math.min(MessageBatch.FULL, Math.max(512, expectedBytes))];
    }

    boolean full() {
        return position + UNSTORED * unstored >= MessageBatch.FULL;
    }

    void visitIds(Consumer<MessageId> visitor) {
        ids.forEach(visitor);
    }

    boolean empty() {
        return count + unstored == 0;
    }

    /** Whether it has taken only what is not stored. */
    boolean nothingStored() {
        return count == 0 && unstored > 0;
    }

    /** Bytes of the record so far, without its index. */
    int bytes() {
        return position;
    }

    long firstSequence() {
        return firstSequence;
    }

    /** Publishes it has taken. */
    int count() {
        return count + unstored;
    }

    /** Client data held until the batch is durable. */
    long held() {
        return held;
    }

    Waiting waiting() {
        return waiting;
    }

    /**
     * Adds a message; its parts are copied, the only copy on the way to the disk.
     *
     * @param awaited whether its publisher waits for an answer
     */
    void add(long sequence, long timeNanos, PublishRequest r, SubjectEntry subject, long accounted, boolean awaited) {
        int length = MessageBatch.ENTRY + r.subjectLength() + r.bodyLength();
        ensure(length);
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = position;
        given(sequence, timeNanos, r, awaited);
        MessageBatch.putEntry(record, position, (int) (sequence - firstSequence), timeNanos, r.headerLength(),
            r.payloadLength(), r.subjectLength());
        int at = position + MessageBatch.ENTRY;
        System.arraycopy(r.bytes(), r.subjectOffset(), record, at, r.subjectLength());
        System.arraycopy(r.bytes(), r.bodyOffset(), record, at + r.subjectLength(), r.bodyLength());
        position += length;
        lastSequence = sequence;
        storedBytes += accounted;
        if (subject.batchCount == 0) {
            subjects.add(subject);
            subject.batchFirst = sequence;
        }
        subject.batchLast = sequence;
        subject.batchCount++;
        subject.batchLastBytes = (int) Math.min(Integer.MAX_VALUE, accounted);
    }

    /** Takes a message that nobody wants: its sequence is given out, nothing of it is stored but perhaps its id. */
    void skip(long sequence, long timeNanos, PublishRequest r, boolean awaited) {
        unstored++;
        given(sequence, timeNanos, r, awaited);
    }

    private void given(long sequence, long timeNanos, PublishRequest r, boolean awaited) {
        if (count() == 1) {
            firstTime = timeNanos;
        }
        lastGiven = sequence;
        lastTime = timeNanos;
        lastId = "";
        arrivals.add(timeNanos, awaited);
        held += r.bodyLength();
    }

    /** The message just added will push out an older one of its subject. */
    void replaces() {
        replacing++;
    }

    /** The message just added, or skipped, has an id. */
    void addId(MessageId id) {
        lastId = id.id();
        ids.add(id);
    }

    private void ensure(int length) {
        int need = position + length + 4 * (count + 1);
        if (need > record.length) {
            int most = MessageBatch.FULL + (MessageBatch.FULL >> 2);
            record = Arrays.copyOf(record, Math.max(need, Math.min(record.length * 2, most)));
        }
    }

    /** Closes the record; the builder is used up. */
    Sealed seal() {
        int index = position;
        ensure(4 * count);
        for (int i = 0; i < count; i++) {
            MessageBatch.putInt(record, index + 4 * i, offsets[i]);
        }
        MessageBatch.putHeader(record, count, index, firstSequence);
        int length = index + 4 * count;
        // an array with much slack would count against the cache for nothing
        byte[] exact = record.length - length > length / 4 ? Arrays.copyOf(record, length) : record;
        List<SubjectCount> counts = new ArrayList<>(subjects.size());
        for (SubjectEntry s : subjects) {
            counts.add(new SubjectCount(s.subject(), s.batchFirst, s.batchLast, s.batchCount, s.batchLastBytes));
            s.batchCount = 0;
        }
        BatchSummary summary = new BatchSummary(firstSequence, count == 0 ? lastGiven : lastSequence, count,
            firstTime, lastTime, storedBytes, length, counts, ids);
        return new Sealed(summary, exact, length, subjects, waiting, arrivals, held, count - replacing,
            unstored, lastGiven, lastId);
    }

    /**
     * A closed batch on its way to the disk.
     *
     * @param subjects entries whose counts it will change, in the order of the summary's subjects
     * @param growth by how many messages it makes the stream larger
     * @param unstored messages that were given a sequence and are not in it
     * @param lastGiven last sequence that was given out, stored or not
     * @param lastId message id of that one, empty for none
     */
    record Sealed(BatchSummary summary, byte[] record, int length, List<SubjectEntry> subjects, Waiting waiting,
                  Arrivals arrivals, long held, int growth, int unstored, long lastGiven, String lastId) {

        /** Whether there is a message in it. */
        boolean stored() {
            return summary.count() > 0;
        }

        /** Whether a record of it is written: for its messages, or for ids of what is not stored. */
        boolean recorded() {
            return stored() || !summary.messageIds().isEmpty();
        }
    }

    /** What a publisher waits for. */
    enum Awaited {
        /** That its message is stored. */
        STORED,
        /** That the message is stored which it repeated. */
        DUPLICATE,
        /** The same, and it was repeated in another partition. */
        ELSEWHERE
    }

    /** Publishers that are answered when the batch is durable. */
    static final class Waiting {
        private PublishOrigin[] origins = new PublishOrigin[16];
        private PublishRequest[] requests = new PublishRequest[16];
        private long[] sequences = new long[16];
        private Awaited[] awaited = new Awaited[16];
        private int size;

        void add(PublishOrigin origin, PublishRequest request, long sequence, Awaited what) {
            if (origin == PublishOrigin.NOBODY) {
                return;
            }
            if (size == origins.length) {
                int n = size * 2;
                origins = Arrays.copyOf(origins, n);
                requests = Arrays.copyOf(requests, n);
                sequences = Arrays.copyOf(sequences, n);
                awaited = Arrays.copyOf(awaited, n);
            }
            origins[size] = origin;
            requests[size] = request;
            sequences[size] = sequence;
            awaited[size++] = what;
        }

        void acknowledge(String stream) {
            for (int i = 0; i < size; i++) {
                origins[i].ended(requests[i],
                    new PublishOutcome.Stored(stream, sequences[i], awaited[i] != Awaited.STORED));
            }
        }

        void end(PublishOutcome outcome) {
            for (int i = 0; i < size; i++) {
                origins[i].ended(requests[i], outcome);
            }
        }

        void refuse(String stream, PublishRefusal reason, String detail) {
            PublishOutcome refused = new PublishOutcome.Refused(stream, reason, detail);
            PublishOutcome elsewhere = new PublishOutcome.Refused(stream, PublishRefusal.ID_IN_PROCESS, "");
            for (int i = 0; i < size; i++) {
                origins[i].ended(requests[i], awaited[i] == Awaited.ELSEWHERE ? elsewhere : refused);
            }
        }
    }
}

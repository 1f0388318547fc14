package org.memphisee.core.partition.letters;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.partition.log.MessageBatch;

/** A record of letters that is being built: a batch whose sequences are the numbers of letters. Shard's thread only. */
final class LetterRecord {

    private final long first;
    private final List<Integer> offsets = new ArrayList<>();
    private byte[] bytes = new byte[1_024];
    private int length = MessageBatch.HEADER;
    private long last;
    private long firstTime;
    private long lastTime;
    private long accounted;

    /** {@code first} is the number of its first letter. */
    LetterRecord(long first) {
        this.first = first;
    }

    /** Adds the message of a letter, with the subject, time, headers and payload that it had. */
    void add(long id, MessageView m) {
        add(id, m.timestampNanos, m.bytes, m.subjectOffset, m.subjectLength, m.bodyOffset, m.headerLength, m.payloadLength);
    }

    /** The same for one that was never stored. */
    void add(long id, long timeNanos, String subject, byte[] header, byte[] payload) {
        byte[] text = subject.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(text, text.length + header.length + payload.length);
        System.arraycopy(header, 0, all, text.length, header.length);
        System.arraycopy(payload, 0, all, text.length + header.length, payload.length);
        add(id, timeNanos, all, 0, text.length, text.length, header.length, payload.length);
    }

    private void add(long id, long timeNanos, byte[] from, int subject, int subjectLength, int body, int headerLength,
                     int payloadLength) {
        ensure(MessageBatch.ENTRY + subjectLength + headerLength + payloadLength);
        offsets.add(length);
        MessageBatch.putEntry(bytes, length, (int) (id - first), timeNanos, headerLength, payloadLength, subjectLength);
        int at = length + MessageBatch.ENTRY;
        System.arraycopy(from, subject, bytes, at, subjectLength);
        System.arraycopy(from, body, bytes, at + subjectLength, headerLength + payloadLength);
        length = at + subjectLength + headerLength + payloadLength;
        accounted += MessageBatch.accounted(true, subjectLength, headerLength, payloadLength);
        firstTime = offsets.size() == 1 ? timeNanos : Math.min(firstTime, timeNanos);
        lastTime = Math.max(lastTime, timeNanos);
        last = id;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** Bytes so far. */
    int length() {
        return length;
    }

    long first() {
        return first;
    }

    /** Closes it: the record as it is stored. */
    byte[] seal() {
        int index = length;
        ensure(Integer.BYTES * offsets.size());
        for (int i = 0; i < offsets.size(); i++) {
            MessageBatch.putInt(bytes, index + Integer.BYTES * i, offsets.get(i));
        }
        MessageBatch.putHeader(bytes, offsets.size(), index, first);
        length += Integer.BYTES * offsets.size();
        return Arrays.copyOf(bytes, length);
    }

    /** What the store is to know of it, once it is closed. Subjects are left out: nobody asks for letters by subject. */
    BatchSummary summary() {
        return new BatchSummary(first, last, offsets.size(), firstTime, lastTime, accounted, length, List.of(), List.of());
    }
}

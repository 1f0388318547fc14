package org.memphisee.core.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Summaries as bytes. Numbers are variable-length; sequences and times inside are relative to the batch's first, so that a
 * subject or a message id costs little more than its text. Version 2 is version 1 with one number more for each subject at
 * the end: the accounted bytes of its last message. {@link EncodedSummary} reads both. Not thread-safe: one per thread.
 */
public final class SummaryCodec {

    private byte[] out = new byte[4 << 10];
    private int length;

    /** The summary as it is stored: version 2 where the bytes of a last message are known, else version 1. */
    public byte[] encode(BatchSummary s) {
        length = 0;
        unsigned(s.firstSequence());
        unsigned(s.lastSequence() - s.firstSequence());
        unsigned(s.count());
        signed(s.firstTimestampNanos());
        signed(s.lastTimestampNanos() - s.firstTimestampNanos());
        unsigned(s.storedBytes());
        unsigned(s.recordBytes());
        unsigned(s.subjects().size());
        for (SubjectCount subject : s.subjects()) {
            text(subject.subject());
            unsigned(subject.first() - s.firstSequence());
            unsigned(subject.last() - subject.first());
            unsigned(subject.count());
        }
        unsigned(s.messageIds().size());
        for (MessageId id : s.messageIds()) {
            text(id.id());
            unsigned(id.sequence() - s.firstSequence());
            signed(id.timestampNanos() - s.firstTimestampNanos());
        }
        if (s.subjects().stream().anyMatch(subject -> subject.lastBytes() > 0)) {
            for (SubjectCount subject : s.subjects()) {
                unsigned(subject.lastBytes());
            }
        }
        return Arrays.copyOf(out, length);
    }

    /** Reads a whole summary into memory, of either version. Any thread. */
    public static BatchSummary decode(byte[] bytes) throws IOException {
        EncodedSummary in = new EncodedSummary(bytes, e -> new StoreException(e.getMessage(), e, false));
        List<SubjectCount> subjects = new ArrayList<>();
        in.visitSubjects((b, offset, length, first, last, count, lastBytes) -> subjects.add(new SubjectCount(
            new String(b, offset, length, StandardCharsets.UTF_8), first, last, count, lastBytes)));
        List<MessageId> ids = new ArrayList<>();
        in.visitIds((b, offset, length, sequence, time) -> ids.add(new MessageId(
            new String(b, offset, length, StandardCharsets.UTF_8), sequence, time)));
        return new BatchSummary(in.firstSequence(), in.lastSequence(), in.count(), in.firstTimestampNanos(),
            in.lastTimestampNanos(), in.storedBytes(), in.recordBytes(), subjects, ids);
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        unsigned(bytes.length);
        room(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
    }

    private void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    private void unsigned(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[length++] = (byte) rest;
    }

    private void room(int more) {
        if (length + more > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, length + more));
        }
    }
}

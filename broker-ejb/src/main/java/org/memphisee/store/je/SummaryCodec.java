package org.memphisee.store.je;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.SubjectCount;

/**
 * Summaries as bytes, version 1. Numbers are variable-length; sequences and times inside are relative to the batch's
 * first, so that a subject or a message id costs little more than its text. Not thread-safe: one per thread.
 */
final class SummaryCodec {
    /** A subject or id needs at least this many bytes; guards against absurd counts in damaged data. */
    private static final int LEAST_ENTRY = 3;

    private byte[] out = new byte[4 << 10];
    private int length;

    byte[] encode(BatchSummary s) {
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
        return Arrays.copyOf(out, length);
    }

    static BatchSummary decode(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            BatchSummary summary = decode(in);
            if (in.hasRemaining()) {
                throw new IOException("has " + in.remaining() + " bytes too many");
            }
            return summary;
        } catch (BufferUnderflowException e) {
            throw new IOException("is too short", e);
        }
    }

    private static BatchSummary decode(ByteBuffer in) throws IOException {
        long first = unsigned(in);
        long last = first + unsigned(in);
        int count = (int) unsigned(in);
        long firstTime = signed(in);
        long lastTime = firstTime + signed(in);
        long stored = unsigned(in);
        int recordBytes = (int) unsigned(in);
        int subjectCount = size(in);
        List<SubjectCount> subjects = new ArrayList<>(subjectCount);
        for (int i = 0; i < subjectCount; i++) {
            String subject = text(in);
            long from = first + unsigned(in);
            subjects.add(new SubjectCount(subject, from, from + unsigned(in), (int) unsigned(in)));
        }
        int idCount = size(in);
        List<MessageId> ids = new ArrayList<>(idCount);
        for (int i = 0; i < idCount; i++) {
            ids.add(new MessageId(text(in), first + unsigned(in), firstTime + signed(in)));
        }
        return new BatchSummary(first, last, count, firstTime, lastTime, stored, recordBytes, subjects, ids);
    }

    private static int size(ByteBuffer in) throws IOException {
        long size = unsigned(in);
        if (size < 0 || size > in.remaining() / LEAST_ENTRY) {
            throw new IOException("claims " + size + " entries");
        }
        return (int) size;
    }

    private static String text(ByteBuffer in) throws IOException {
        long size = unsigned(in);
        if (size < 0 || size > in.remaining()) {
            throw new IOException("claims a text of " + size + " bytes");
        }
        byte[] bytes = new byte[(int) size];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static long unsigned(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IOException("has a number of more than ten bytes");
    }

    private static long signed(ByteBuffer in) throws IOException {
        long value = unsigned(in);
        return (value >>> 1) ^ -(value & 1);
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

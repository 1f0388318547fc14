package org.memphisee.core.log;

import java.io.IOException;
import java.util.function.Function;

/** Reads the bytes of {@link SummaryCodec}, version 1 or 2, without making objects of them. */
public final class EncodedSummary implements StoredSummary {
    /** A subject or id needs at least this many bytes; guards against absurd counts in damaged data. */
    private static final int LEAST_ENTRY = 3;
    private static final int UNKNOWN = -1;

    private final byte[] bytes;
    private final Function<IOException, StoreException> damage;
    private final long first;
    private final long last;
    private final int count;
    private final long firstTime;
    private final long lastTime;
    private final long stored;
    private final int recordBytes;
    private final int subjects;
    private final int subjectsAt;
    private int position;
    /** Where the ids and the bytes of last messages begin: found once, since whoever recovers looks several times. */
    private int idsAt = UNKNOWN;
    private int lastBytesAt = UNKNOWN;

    /**
     * Reads the numbers.
     *
     * @param bytes is kept and must not change
     * @param damage makes the exception for what turns out to be damaged later
     */
    public EncodedSummary(byte[] bytes, Function<IOException, StoreException> damage) throws IOException {
        this.bytes = bytes;
        this.damage = damage;
        first = unsigned();
        last = first + unsigned();
        count = (int) unsigned();
        firstTime = signed();
        lastTime = firstTime + signed();
        stored = unsigned();
        recordBytes = (int) unsigned();
        subjects = size();
        subjectsAt = position;
    }

    /** The bytes it is read from; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public long firstSequence() {
        return first;
    }

    @Override
    public long lastSequence() {
        return last;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long firstTimestampNanos() {
        return firstTime;
    }

    @Override
    public long lastTimestampNanos() {
        return lastTime;
    }

    @Override
    public long storedBytes() {
        return stored;
    }

    @Override
    public int recordBytes() {
        return recordBytes;
    }

    @Override
    public void visitSubjects(SubjectVisitor visitor) throws StoreException {
        try {
            int extra = lastBytesAt();
            position = subjectsAt;
            for (int i = 0; i < subjects; i++) {
                int length = textLength();
                int text = position;
                position += length;
                long from = first + unsigned();
                long to = from + unsigned();
                int messages = (int) unsigned();
                int lastBytes = 0;
                if (extra > 0) {
                    int next = position;
                    position = extra;
                    lastBytes = (int) unsigned();
                    extra = position;
                    position = next;
                }
                visitor.subject(bytes, text, length, from, to, messages, lastBytes);
            }
            if (extra > 0 && extra < bytes.length) {
                throw new IOException("has " + (bytes.length - extra) + " bytes too many");
            }
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw damage.apply(e);
        }
    }

    @Override
    public void visitIds(IdVisitor visitor) throws StoreException {
        try {
            skipSubjects();
            ids(visitor);
        } catch (IOException e) {
            throw damage.apply(e);
        }
    }

    /** Where the bytes of last messages begin, 0 in version 1. */
    private int lastBytesAt() throws IOException {
        if (lastBytesAt == UNKNOWN) {
            skipSubjects();
            ids((b, offset, length, sequence, time) -> { });
            lastBytesAt = position < bytes.length ? position : 0;
        }
        return lastBytesAt;
    }

    private void skipSubjects() throws IOException {
        if (idsAt != UNKNOWN) {
            position = idsAt;
            return;
        }
        position = subjectsAt;
        for (int i = 0; i < subjects; i++) {
            int length = textLength();
            position += length;
            unsigned();
            unsigned();
            unsigned();
        }
        idsAt = position;
    }

    private void ids(IdVisitor visitor) throws IOException {
        int n = size();
        for (int i = 0; i < n; i++) {
            int length = textLength();
            int text = position;
            position += length;
            visitor.id(bytes, text, length, first + unsigned(), firstTime + signed());
        }
    }

    private int size() throws IOException {
        long size = unsigned();
        if (size < 0 || size > (bytes.length - position) / LEAST_ENTRY) {
            throw new IOException("claims " + size + " entries");
        }
        return (int) size;
    }

    private int textLength() throws IOException {
        long size = unsigned();
        if (size < 0 || size > bytes.length - position) {
            throw new IOException("claims a text of " + size + " bytes");
        }
        return (int) size;
    }

    private long unsigned() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position == bytes.length) {
                throw new IOException("is too short");
            }
            byte b = bytes[position++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IOException("has a number of more than ten bytes");
    }

    private long signed() throws IOException {
        long value = unsigned();
        return (value >>> 1) ^ -(value & 1);
    }
}

package org.memphisee.core.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads an archive as it arrives, in pieces of any size. An entry's lengths are checked before room is made for it, and no
 * more room is made than has come; a name is only a name and never a path.
 */
public final class ArchiveReader implements ByteSink {

    /** Takes entries, in order; the last one is {@link ArchiveEntry#end}. */
    public interface Entries {

        /** The next entry. */
        void entry(ArchiveEntry entry) throws ArchiveException;
    }

    private static final String INVALID = "archive: invalid archive stream";
    private static final int MAX_NAME = 0xffff;
    private static final int INITIAL = 4 << 10;
    private static final int MAX_DIGITS = 10;
    private static final int NUMBERS = 5;

    private final Entries to;
    private final int maxBody;
    private byte[] buffer = new byte[INITIAL];
    private int filled;
    private int at;
    private boolean begun;
    private boolean ended;
    /** Of the entry that is being read, once its numbers are there. */
    private final long[] numbers = new long[NUMBERS];
    private int known;

    /**
     * @param maxBody an entry with more bytes of headers and payload is refused
     */
    public ArchiveReader(Entries to, int maxBody) {
        this.to = to;
        this.maxBody = maxBody;
    }

    /** Whether the mark of the end was read. */
    public boolean ended() {
        return ended;
    }

    @Override
    public void bytes(byte[] bytes, int offset, int length) throws ArchiveException {
        if (ended && length > 0) {
            throw new ArchiveException("archive: something follows its end");
        }
        if (buffer.length - filled < length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, filled + length));
        }
        System.arraycopy(bytes, offset, buffer, filled, length);
        filled += length;
        at = 0;
        while (!ended && next()) {
            // each entry that is complete
        }
        if (ended && at < filled) {
            throw new ArchiveException("archive: something follows its end");
        }
        System.arraycopy(buffer, at, buffer, 0, filled - at);
        filled -= at;
    }

    /** Reads what is next, if all of it is there. */
    private boolean next() throws ArchiveException {
        if (!begun) {
            return sign();
        }
        while (known < NUMBERS) {
            if (!number()) {
                return false;
            }
        }
        long name = numbers[0];
        long header = numbers[3];
        long payload = numbers[4];
        if (name < 0 || name > MAX_NAME || header < 0 || payload < 0 || numbers[2] < 0) {
            throw new ArchiveException(INVALID);
        }
        if (header > maxBody || payload > maxBody - header) {
            throw new ArchiveException("entry of sequence " + numbers[2] + " exceeds the maximum payload of " + maxBody + " bytes");
        }
        int size = (int) (name + header + payload);
        if (filled - at < size) {
            return false;
        }
        String text = new String(buffer, at, (int) name, StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOfRange(buffer, at + (int) name, at + size);
        at += size;
        known = 0;
        ArchiveEntry entry = new ArchiveEntry(text, numbers[1], numbers[2], (int) header, body);
        ended = entry.end();
        to.entry(entry);
        return true;
    }

    private boolean sign() throws ArchiveException {
        int there = Math.min(filled - at, ArchiveWriter.SIGN.length);
        if (!Arrays.equals(buffer, at, at + there, ArchiveWriter.SIGN, 0, there)) {
            throw new ArchiveException("this archive is not of version 2, which servers write from 2.15 on: take the snapshot"
                + " with such a server, or copy the stream with a client");
        }
        if (there < ArchiveWriter.SIGN.length) {
            return false;
        }
        at += there;
        begun = true;
        return true;
    }

    private boolean number() throws ArchiveException {
        long value = 0;
        for (int i = 0; i < MAX_DIGITS; i++) {
            if (at + i == filled) {
                return false;
            }
            byte b = buffer[at + i];
            value |= (long) (b & 0x7f) << 7 * i;
            if (b >= 0) {
                at += i + 1;
                numbers[known] = known == 1 ? value >>> 1 ^ -(value & 1) : value;
                known++;
                return true;
            }
        }
        throw new ArchiveException(INVALID);
    }
}

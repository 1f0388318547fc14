package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Reads records of a segment through a window. One thread. */
final class SegmentReader {

    private static final int WINDOW = 1 << 16;

    private final Segment segment;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW);
    private int begin;
    private int end;

    SegmentReader(Segment segment) {
        this.segment = segment;
    }

    /**
     * The header at an offset.
     *
     * @return null when there is none that can be read, or its record would reach beyond the segment
     * @throws JournalException when a newer release wrote it
     */
    RecordHeader header(int offset) throws IOException {
        if (offset > segment.bytes() - RecordHeader.BYTES) {
            return null;
        }
        need(offset, RecordHeader.BYTES);
        RecordHeader header = RecordHeader.read(window, offset - begin, segment.generation());
        if (header == null) {
            return null;
        }
        if (header.known() == null) {
            throw new JournalException(JournalException.Reason.NEWER, "the journal has a record of version " + header.version()
                + " and kind " + header.kind() + " in " + segment + " at offset " + offset + ", readable is version "
                + RecordHeader.VERSION + "; a newer release wrote it. Nothing was changed: start the release that did, or a later "
                + "one", null);
        }
        return header.length() < 0 || header.size() > segment.bytes() - offset ? null : header;
    }

    /** Whether the body of a record is what was written. */
    boolean intact(int offset, RecordHeader header) throws IOException {
        CRC32C crc = new CRC32C();
        int at = offset + RecordHeader.BYTES;
        int left = header.length();
        while (left > 0) {
            need(at, 1);
            int some = Math.min(left, end - at);
            crc.update(window.array(), at - begin, some);
            at += some;
            left -= some;
        }
        return (int) crc.getValue() == header.bodyCrc();
    }

    /** The body of a record. */
    byte[] body(int offset, RecordHeader header) throws IOException {
        byte[] body = new byte[header.length()];
        segment.file().read(offset + RecordHeader.BYTES, ByteBuffer.wrap(body));
        return body;
    }

    /** Offset of the first header from an offset on that can be read, -1 for none. */
    int next(int offset) throws IOException {
        for (int at = offset; at <= segment.bytes() - RecordHeader.BYTES; at += RecordHeader.ALIGNMENT) {
            if (header(at) != null) {
                return at;
            }
        }
        return -1;
    }

    /** Whether there are only zeros in a stretch. */
    boolean zeros(int from, int to) throws IOException {
        for (int at = from; at < to; at += Long.BYTES) {
            need(at, Long.BYTES);
            if (window.getLong(at - begin) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Has so many bytes from an offset on in the window. */
    private void need(int offset, int bytes) throws IOException {
        if (offset >= begin && offset + bytes <= end) {
            return;
        }
        begin = offset;
        end = Math.min(segment.bytes(), offset + WINDOW);
        window.clear().limit(end - begin);
        segment.file().read(begin, window);
    }
}

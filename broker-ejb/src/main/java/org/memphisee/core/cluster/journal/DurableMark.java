package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A small file that says up to where the journal was durable, so that damage at its end is told from a write that the power cut.
 * Three blocks of 512 bytes, each with version (1), position (8), CRC32C (4): the first two are written in turn and synced, the
 * third after syncs of the journal, at most every 100 ms and without one of its own. What they say may be behind and is never
 * ahead, and a write that the power cuts does not cost what was synced before. The writer's thread.
 */
final class DurableMark implements AutoCloseable {

    static final String FILE = "durable";
    private static final byte VERSION = 1;
    private static final int BYTES = 1 + Long.BYTES + Integer.BYTES;
    private static final int BLOCK = 512;
    private static final int BLOCKS = 3;
    private static final long INTERVAL_NANOS = 100_000_000L;

    private final JournalFile file;
    private final long found;
    /** Which of the first two was written last. */
    private int forced;
    private long position;
    private long written;
    private long writtenAt;

    /** Opens the file, or makes it. */
    DurableMark(JournalFiles files, boolean there, long now) throws IOException {
        file = there ? files.open(FILE) : files.create(FILE, BLOCKS * BLOCK);
        if (!there) {
            files.syncDirectory();
        }
        forced = there && read(1) > read(0) ? 1 : 0;
        found = Math.max(read(0), Math.max(read(1), read(2)));
        position = found;
        written = found;
        writtenAt = now - INTERVAL_NANOS;
    }

    /** What it said when it was opened; {@link Position#NONE} when it said nothing. */
    long found() {
        return found;
    }

    /** The least number that a new segment may have: positions only grow, also when files got lost. */
    long next() {
        return Position.segment(found) + 1;
    }

    /** Everything before a position is durable. */
    void durable(long upTo) {
        position = upTo;
    }

    /** When it is to be written, {@link Long#MAX_VALUE} for not at all. */
    long due() {
        return position == written ? Long.MAX_VALUE : writtenAt + INTERVAL_NANOS;
    }

    /** Writes it; a power cut may undo that. */
    void write(long now) throws IOException {
        write(2, now);
    }

    /** Writes it for good. */
    void force(long now) throws IOException {
        forced = 1 - forced;
        write(forced, now);
        file.force();
    }

    private void write(int block, long now) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).put(VERSION).putLong(position);
        bytes.putInt(RecordHeader.checksum(bytes.array(), 0, BYTES - Integer.BYTES)).flip();
        file.write((long) block * BLOCK, bytes);
        written = position;
        writtenAt = now;
    }

    private long read(int block) throws IOException {
        if (file.bytes() < (long) BLOCKS * BLOCK) {
            return Position.NONE;
        }
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        file.read((long) block * BLOCK, bytes);
        bytes.flip();
        boolean whole = bytes.get() == VERSION
            && bytes.getInt(BYTES - Integer.BYTES) == RecordHeader.checksum(bytes.array(), 0, BYTES - Integer.BYTES);
        return whole ? bytes.getLong(1) : Position.NONE;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

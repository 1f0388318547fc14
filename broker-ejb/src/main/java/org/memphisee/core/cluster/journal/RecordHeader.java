package org.memphisee.core.cluster.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a record, big endian; the body follows, and zeros up to a multiple of 8. Its own checksum tells where
 * the next record begins also when the body is damaged, and whose it is.
 *
 * <p>{@code MJ} (2), version (1), kind (1), length of the body (4), generation of the segment (8), number of the sync group
 * (8), group (8), index (8), term (8), position of the group's record before it (8), CRC32C of the body (4), CRC32C of what
 * comes before in the header (4). A {@link RecordKind#MARK} has no group and no body; its index is the length of its sync
 * group, its term the position where the one before ended, and in place of a position before it says what sync groups begin
 * at multiples of.
 *
 * @param version of the format
 * @param kind number of its kind
 * @param length of the body, bytes
 * @param generation of the segment it was written to: what an earlier use of the file left never matches
 * @param sync number of the sync group
 * @param group whose it is, 0 for a mark
 * @param index see {@link RecordKind}
 * @param term see {@link RecordKind}
 * @param previous position of the group's last record before this one, {@link Position#NONE} for none
 * @param bodyCrc CRC32C of the body
 */
record RecordHeader(int version, int kind, int length, long generation, long sync, long group, long index, long term,
                    long previous, int bodyCrc) {

    static final int BYTES = 64;
    static final int VERSION = 1;
    static final int ALIGNMENT = 8;
    private static final short MAGIC = 0x4D4A;
    private static final int GENERATION_AT = 8;
    private static final int CRC_AT = BYTES - Integer.BYTES;

    /** A header of the version that is written. */
    RecordHeader(RecordKind kind, int length, long generation, long sync, long group, long index, long term, long previous,
                 int bodyCrc) {
        this(VERSION, kind.number(), length, generation, sync, group, index, term, previous, bodyCrc);
    }

    /** Appends the header to a buffer. */
    void write(ByteBuffer to) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putShort(MAGIC).put((byte) version).put((byte) kind).putInt(length).putLong(generation).putLong(sync)
            .putLong(group).putLong(index).putLong(term).putLong(previous).putInt(bodyCrc);
        bytes.putInt(checksum(bytes.array(), 0, CRC_AT));
        to.put(bytes.flip());
    }

    /**
     * The header at a place of a buffer with an array, of whatever version.
     *
     * @param generation it must have
     * @return null when there is none, or one that is damaged or of another generation
     */
    static RecordHeader read(ByteBuffer from, int at, long generation) {
        if (from.getShort(at) != MAGIC || from.getLong(at + GENERATION_AT) != generation
            || from.getInt(at + CRC_AT) != checksum(from.array(), from.arrayOffset() + at, CRC_AT)) {
            return null;
        }
        ByteBuffer in = from.duplicate().position(at + Short.BYTES);
        return new RecordHeader(in.get() & 0xff, in.get() & 0xff, in.getInt(), in.getLong(), in.getLong(), in.getLong(),
            in.getLong(), in.getLong(), in.getLong(), in.getInt());
    }

    /** Its kind; null when only a newer release knows it. */
    RecordKind known() {
        return version == VERSION ? RecordKind.of(kind) : null;
    }

    boolean is(RecordKind other) {
        return version == VERSION && kind == other.number();
    }

    /** Bytes of header, body and padding. */
    long size() {
        return size(length);
    }

    /** Bytes of a record with a body of so many. */
    static long size(int length) {
        return BYTES + ((long) length + ALIGNMENT - 1 & -ALIGNMENT);
    }

    static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}

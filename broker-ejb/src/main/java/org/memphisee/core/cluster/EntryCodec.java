package org.memphisee.core.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import org.memphisee.core.cluster.UnknownEntryException.Part;

/**
 * Entries as bytes, version 1 (docs/design/formats.md). Big endian: {@code ME}, version (1), kind (1), group (8), epoch (8),
 * ordinal (8), definitions index (8), wall clock (8); number of hop runs (4), and for each partition (8), origin (8), first
 * number (8), count (4), first sequence (8); number of changes (4), and for each kind (1), partition (8), length (4) and so
 * many bytes ({@link ChangeCodec}); CRC32C (4) over everything before it.
 *
 * <p>The first three bytes and the checksum at the end are the same in each version, so that damage is told from news. A kind
 * of entry or change that is to come gets a number of its own; a reader that does not know it stops with an {@link
 * UnknownEntryException}.
 *
 * <p>Nothing calls this in production yet: a broker alone has no replication group. Stateless, any thread.
 */
public final class EntryCodec {

    /** The version that is written. */
    static final int VERSION = 1;

    private static final short MAGIC = 'M' << 8 | 'E';
    private static final int CRC = Integer.BYTES;
    /** Magic, version and kind. */
    private static final int INTRODUCTION = 4;
    private static final int NUMBERS = 5 * Long.BYTES;
    private static final int RUN = 4 * Long.BYTES + Integer.BYTES;
    private static final int CHANGE = 1 + Long.BYTES + Integer.BYTES;

    private EntryCodec() { }

    /**
     * The bytes of an entry.
     *
     * @throws IllegalArgumentException when it is larger than an array can be, or names a partition that cannot be
     */
    public static byte[] encode(Entry entry) {
        List<ChangeCodec.Encoded> changes = entry.changes().stream().map(ChangeCodec::encode).toList();
        long size = INTRODUCTION + NUMBERS + Integer.BYTES + (long) RUN * entry.hopRuns().size() + Integer.BYTES + CRC;
        for (ChangeCodec.Encoded change : changes) {
            size += CHANGE + change.size();
        }
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("an entry of " + size + " bytes");
        }
        ByteBuffer out = ByteBuffer.allocate((int) size);
        out.putShort(MAGIC).put((byte) VERSION).put((byte) entry.kind().number());
        out.putLong(entry.group()).putLong(entry.epoch()).putLong(entry.ordinal()).putLong(entry.definitionsIndex())
            .putLong(entry.wallNanos());
        out.putInt(entry.hopRuns().size());
        for (HopRun run : entry.hopRuns()) {
            out.putLong(run.partition()).putLong(run.origin()).putLong(run.firstNumber()).putInt(run.count())
                .putLong(run.firstSequence());
        }
        out.putInt(changes.size());
        for (ChangeCodec.Encoded change : changes) {
            out.put((byte) change.kind()).putLong(change.partition()).putInt((int) change.size());
            out.put(change.head()).put(change.tail(), change.offset(), change.length());
        }
        out.putInt(checksum(out.array(), 0, out.position()));
        return out.array();
    }

    /** Reads an entry that fills the array. */
    public static Entry decode(byte[] bytes) throws EntryFormatException {
        return decode(bytes, 0, bytes.length);
    }

    /**
     * Reads an entry. Batch records stay slices of the array, which must not change any more.
     *
     * @throws DamagedEntryException when the bytes are not what was written, too few or too many
     * @throws UnknownEntryException when it holds something that only a newer release knows
     */
    public static Entry decode(byte[] bytes, int offset, int length) throws EntryFormatException {
        if (length < INTRODUCTION + CRC) {
            throw new DamagedEntryException("is only " + length + " bytes long", null);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        if (in.getShort() != MAGIC) {
            throw new DamagedEntryException("does not begin as one", null);
        }
        int end = offset + length - CRC;
        int expected = in.getInt(end);
        int actual = checksum(bytes, offset, length - CRC);
        if (expected != actual) {
            throw new DamagedEntryException(String.format("has checksum %08x instead of %08x", actual, expected), null);
        }
        in.limit(end);
        int version = in.get() & 0xff;
        if (version > VERSION) {
            throw new UnknownEntryException(Part.VERSION, version, version);
        }
        try {
            return version(version, in);
        } catch (IllegalArgumentException e) {
            throw new DamagedEntryException("does not hold together, " + e.getMessage(), e);
        }
    }

    private static Entry version(int version, ByteBuffer in) throws EntryFormatException {
        if (version < 1) {
            throw new DamagedEntryException("has no version", null);
        }
        int number = in.get() & 0xff;
        EntryKind kind = EntryKind.of(number);
        if (kind == null) {
            throw new UnknownEntryException(Part.KIND, version, number);
        }
        need(in, NUMBERS, "bytes of numbers");
        long group = in.getLong();
        long epoch = in.getLong();
        long ordinal = in.getLong();
        long definitionsIndex = in.getLong();
        long wallNanos = in.getLong();
        List<HopRun> runs = runs(in);
        List<EntryChange> changes = changes(version, in);
        if (in.hasRemaining()) {
            throw new DamagedEntryException("has " + in.remaining() + " bytes too many", null);
        }
        return new Entry(kind, group, epoch, ordinal, definitionsIndex, wallNanos, runs, changes);
    }

    private static List<HopRun> runs(ByteBuffer in) throws DamagedEntryException {
        int count = count(in, RUN, "hop runs");
        List<HopRun> runs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            runs.add(new HopRun(in.getLong(), in.getLong(), in.getLong(), in.getInt(), in.getLong()));
        }
        return runs;
    }

    private static List<EntryChange> changes(int version, ByteBuffer in) throws EntryFormatException {
        int count = count(in, CHANGE, "changes");
        List<EntryChange> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            need(in, CHANGE, "bytes of a change");
            int kind = in.get() & 0xff;
            long partition = in.getLong();
            int length = in.getInt();
            need(in, length, "bytes of a change");
            ByteBuffer body = ByteBuffer.wrap(in.array(), in.position(), length);
            in.position(in.position() + length);
            EntryChange change = ChangeCodec.decode(kind, partition, body);
            if (change == null) {
                throw new UnknownEntryException(Part.CHANGE, version, kind);
            }
            changes.add(change);
        }
        return changes;
    }

    /** A number of things of which each takes at least so many bytes: no more than there can be. */
    private static int count(ByteBuffer in, int least, String what) throws DamagedEntryException {
        need(in, Integer.BYTES, "bytes for the number of " + what);
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / least) {
            throw new DamagedEntryException("claims " + count + " " + what, null);
        }
        return count;
    }

    private static void need(ByteBuffer in, int bytes, String what) throws DamagedEntryException {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new DamagedEntryException("claims " + bytes + " " + what + " where " + in.remaining() + " are left", null);
        }
    }

    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}

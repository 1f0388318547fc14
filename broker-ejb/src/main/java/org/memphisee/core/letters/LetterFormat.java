package org.memphisee.core.letters;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * How a letter is stored: version byte, kind, sequence, times, size, error, producer, groups, then CRC32C of all before it.
 * Numbers are big endian, texts as {@link DataOutputStream#writeUTF}; its number is its key. Version 2 has two flags
 * more: that the station gives the message again by itself, and that it has done so as often as it wants. What needs neither is
 * written as version 1, which earlier releases read. Docs: design/formats.md.
 */
public final class LetterFormat {

    private static final byte FIRST = 1;
    private static final byte VERSION = 2;
    private static final int RESENDING = 1;
    private static final int COPIED = 2;
    private static final int BY_ITSELF = 4;
    private static final int FINAL = 8;

    private LetterFormat() { }

    /** The bytes of a letter. */
    public static byte[] encode(Letter letter) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(letter.groups().stream().anyMatch(g -> flags(g) > COPIED + RESENDING) ? VERSION : FIRST);
            out.writeByte(letter.kind().ordinal());
            out.writeLong(letter.sequence());
            out.writeLong(letter.sentNanos());
            out.writeLong(letter.updatedNanos());
            out.writeInt(letter.size());
            out.writeUTF(letter.error());
            out.writeUTF(letter.producer());
            out.writeInt(letter.groups().size());
            for (LetterGroup g : letter.groups()) {
                out.writeUTF(g.name());
                out.writeByte(g.cause().ordinal());
                out.writeInt(g.deliveries());
                out.writeUTF(g.reason());
                out.writeLong(g.atNanos());
                out.writeByte(flags(g));
                out.writeInt(g.attempts());
                out.writeLong(g.dueNanos());
            }
            out.writeInt(crc(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new IllegalStateException("a letter is too long to be stored: " + letter.id(), e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads one.
     *
     * @throws IllegalStateException when it is damaged, or of a later release
     */
    public static Letter decode(long id, byte[] bytes) {
        int end = bytes.length - Integer.BYTES;
        if (end < 1 || ByteBuffer.wrap(bytes).getInt(end) != crc(bytes, end)) {
            throw new IllegalStateException("dead letter " + id + " is damaged: its checksum does not match");
        }
        if (bytes[0] < FIRST || bytes[0] > VERSION) {
            throw new IllegalStateException("dead letter " + id + " has version " + bytes[0] + ", which this release does not know");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 1, end - 1))) {
            Letter.Kind kind = Letter.Kind.values()[in.readByte()];
            long sequence = in.readLong();
            long sent = in.readLong();
            long updated = in.readLong();
            int size = in.readInt();
            String error = in.readUTF();
            String producer = in.readUTF();
            List<LetterGroup> groups = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                groups.add(group(in));
            }
            return new Letter(id, kind, sequence, sent, updated, size, error, producer, groups);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new IllegalStateException("dead letter " + id + " is damaged: " + e.getMessage(), e);
        }
    }

    private static int flags(LetterGroup g) {
        int again = switch (g.again()) {
            case NO -> 0;
            case BY_HAND -> RESENDING;
            case BY_ITSELF -> RESENDING | BY_ITSELF;
            case FINAL -> FINAL;
        };
        return again | (g.copied() ? COPIED : 0);
    }

    private static LetterGroup.Again again(int flags) {
        return (flags & FINAL) != 0 ? LetterGroup.Again.FINAL : (flags & RESENDING) == 0 ? LetterGroup.Again.NO
            : (flags & BY_ITSELF) == 0 ? LetterGroup.Again.BY_HAND : LetterGroup.Again.BY_ITSELF;
    }

    private static LetterGroup group(DataInputStream in) throws IOException {
        String name = in.readUTF();
        LetterGroup.Cause cause = LetterGroup.Cause.values()[in.readByte()];
        int deliveries = in.readInt();
        String reason = in.readUTF();
        long at = in.readLong();
        int flags = in.readByte();
        return new LetterGroup(name, cause, deliveries, reason, at, again(flags), in.readInt(), in.readLong(),
            (flags & COPIED) != 0);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}

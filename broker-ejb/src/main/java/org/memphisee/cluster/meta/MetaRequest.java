package org.memphisee.cluster.meta;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node asks of the one that leads the definitions, and how it is written: what it is (1 byte), then its members in their
 * order; big endian, texts and lists after their length (2 bytes), an event up to the end. Immutable.
 */
sealed interface MetaRequest {

    /** Names that a node may have at a time while it appends. */
    int MOST_NAMES = 4_096;

    /**
     * Who asks, and under which number.
     *
     * @param node its name
     * @param life of its process
     * @param number of what it asks for, never used twice in a life
     */
    record By(String node, long life, long number) { }

    /** A name is wanted; answered with the leadership in which it is given (8 bytes) when nobody else has it. */
    record Claim(By by, String name) implements MetaRequest { }

    /**
     * A name is given back, or not wanted any more.
     *
     * @param term leadership in which it was given, 0 when it is not known whether it was
     * @param folded the last event that who had it has seen
     */
    record Release(By by, long term, long folded) implements MetaRequest { }

    /**
     * An event is to be appended.
     *
     * @param term leadership in which the names were given, 0 for no names
     * @param under names that it was decided under
     */
    record Append(long term, List<By> under, byte[] event) implements MetaRequest { }

    /** Answered when all is through that was being appended. */
    record Quiet() implements MetaRequest { }

    /** As bytes. */
    default byte[] bytes() {
        if (this instanceof Claim claim) {
            byte[] name = text(claim.name());
            return put(begin(1, size(claim.by()) + Short.BYTES + name.length), claim.by()).putShort((short) name.length).put(name)
                .array();
        } else if (this instanceof Release release) {
            return put(begin(2, size(release.by()) + 2 * Long.BYTES), release.by()).putLong(release.term()).putLong(release.folded())
                .array();
        } else if (this instanceof Append append) {
            int size = Long.BYTES + Short.BYTES + append.event().length;
            for (By by : append.under()) {
                size += size(by);
            }
            ByteBuffer out = begin(3, size).putLong(append.term()).putShort((short) append.under().size());
            append.under().forEach(by -> put(out, by));
            return out.put(append.event()).array();
        }
        return begin(4, 0).array();
    }

    private static ByteBuffer begin(int what, int size) {
        return ByteBuffer.allocate(1 + size).put((byte) what);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int size(By by) {
        return Short.BYTES + text(by.node()).length + 2 * Long.BYTES;
    }

    private static ByteBuffer put(ByteBuffer out, By by) {
        byte[] node = text(by.node());
        return out.putShort((short) node.length).put(node).putLong(by.life()).putLong(by.number());
    }

    /**
     * Reads one.
     *
     * @throws BufferUnderflowException when it ends too early
     * @throws IllegalArgumentException when this release does not know it
     */
    static MetaRequest read(ByteBuffer in) {
        switch (in.get()) {
            case 1 -> {
                return new Claim(by(in), text(in));
            }
            case 2 -> {
                return new Release(by(in), in.getLong(), in.getLong());
            }
            case 3 -> {
                long term = in.getLong();
                int names = in.getShort();
                if (names < 0 || names > MOST_NAMES) {
                    throw new IllegalArgumentException(names + " names");
                }
                List<By> under = new ArrayList<>();
                for (int i = 0; i < names; i++) {
                    under.add(by(in));
                }
                byte[] event = new byte[in.remaining()];
                in.get(event);
                return new Append(term, under, event);
            }
            case 4 -> {
                return new Quiet();
            }
            default -> throw new IllegalArgumentException("unknown");
        }
    }

    private static By by(ByteBuffer in) {
        return new By(text(in), in.getLong(), in.getLong());
    }

    private static String text(ByteBuffer in) {
        int length = in.getShort();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

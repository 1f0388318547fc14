package org.memphisee.core.routing.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A frame, or an entry of one, as it is written. Big endian: version (1), kind (1), then entries to the end. Slices are length (4)
 * and bytes, texts are slices in UTF-8, truths one byte. One thread at a time.
 */
public final class RouteFrame {

    /** The version that is written. */
    static final byte VERSION = 1;
    /** Version and kind. */
    static final int HEADER = 2;
    private static final byte[] NONE = {};

    private byte[] bytes;
    private int size;

    private RouteFrame(int capacity) {
        bytes = new byte[capacity];
    }

    /** A frame without entries. */
    public static RouteFrame of(RouteKind kind) {
        RouteFrame frame = new RouteFrame(1024);
        frame.bytes[0] = VERSION;
        frame.bytes[1] = (byte) kind.number();
        frame.size = HEADER;
        return frame;
    }

    /** An entry that is put into a frame later. */
    public static RouteFrame entry(int capacity) {
        return new RouteFrame(capacity);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }

    /** One byte. */
    public RouteFrame u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /** Four bytes. */
    public RouteFrame i32(int value) {
        room(Integer.BYTES);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >> shift);
        }
        return this;
    }

    /** Eight bytes. */
    public RouteFrame i64(long value) {
        return i32((int) (value >> 32)).i32((int) value);
    }

    /** A slice with its length. */
    public RouteFrame slice(byte[] from, int offset, int length) {
        return i32(length).raw(from, offset, length);
    }

    /** A slice without its length. */
    public RouteFrame raw(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
        return this;
    }

    /** A text. */
    public RouteFrame text(String text) {
        byte[] utf8 = text.isEmpty() ? NONE : text.getBytes(StandardCharsets.UTF_8);
        return slice(utf8, 0, utf8.length);
    }

    /** Bytes so far. */
    public int size() {
        return size;
    }

    /** Whether there is something in it. */
    public boolean empty() {
        return size <= HEADER;
    }

    /** What was written; nothing is written after that. */
    public byte[] take() {
        return bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
    }
}

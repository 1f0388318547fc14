package org.memphisee.core.routing.frame;

import java.nio.charset.StandardCharsets;

/**
 * Reads the entries of a frame. Lengths are looked at before anything is believed; who reads past the end is told so. One thread.
 */
public final class RouteEntries {

    private final byte[] bytes;
    private int at = RouteFrame.HEADER;

    /** The entries of a frame whose kind is known. */
    public RouteEntries(byte[] frame) {
        bytes = frame;
    }

    /** Whether there is another entry. */
    public boolean more() {
        return at < bytes.length;
    }

    /** The frame that slices are of. */
    public byte[] bytes() {
        return bytes;
    }

    private int step(int length) throws RouteFrameException {
        if (length < 0 || length > bytes.length - at) {
            throw new RouteFrameException(length + " bytes at " + at + " of " + bytes.length);
        }
        int from = at;
        at += length;
        return from;
    }

    /** One byte, 0 to 255. */
    public int u8() throws RouteFrameException {
        return bytes[step(1)] & 0xff;
    }

    /** Four bytes. */
    public int i32() throws RouteFrameException {
        int from = step(Integer.BYTES);
        return (bytes[from] & 0xff) << 24 | (bytes[from + 1] & 0xff) << 16 | (bytes[from + 2] & 0xff) << 8 | bytes[from + 3] & 0xff;
    }

    /** Eight bytes. */
    public long i64() throws RouteFrameException {
        return (long) i32() << 32 | i32() & 0xffff_ffffL;
    }

    /** Passes over a slice without length; where it begins. */
    public int pass(int length) throws RouteFrameException {
        return step(length);
    }

    /** The length of the slice that follows, which is all there. */
    public int length() throws RouteFrameException {
        int length = i32();
        if (length < 0 || length > bytes.length - at) {
            throw new RouteFrameException("a slice of " + length + " bytes at " + at + " of " + bytes.length);
        }
        return length;
    }

    /** A copy of a slice. */
    public byte[] slice() throws RouteFrameException {
        int length = length();
        int from = step(length);
        byte[] copy = new byte[length];
        System.arraycopy(bytes, from, copy, 0, length);
        return copy;
    }

    /** A text. */
    public String text() throws RouteFrameException {
        int length = length();
        return new String(bytes, step(length), length, StandardCharsets.UTF_8);
    }
}

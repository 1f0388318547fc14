package org.memphisee.core.partition.log;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * The messages of one batch that are gone although the record is still there: a bit each, by distance from the first
 * sequence, with the accounted bytes and the number of them. Stored as tombstones, version 1.
 */
public final class Removed {

    private static final byte VERSION = 1;

    private final BitSet bits;
    long bytes;
    public int count;

    Removed() {
        this(new BitSet());
    }

    private Removed(BitSet bits) {
        this.bits = bits;
    }

    boolean contains(int delta) {
        return bits.get(delta);
    }

    /** First distance at or after that is still there. */
    int nextKept(int delta) {
        return bits.nextClearBit(delta);
    }

    /** Last distance at or before that is still there. */
    public int lastKept(int delta) {
        return bits.previousClearBit(delta);
    }

    /** Number of removed messages below a distance. */
    int below(int delta) {
        return bits.get(0, Math.max(0, delta)).cardinality();
    }

    void add(int delta, long accounted) {
        if (!bits.get(delta)) {
            bits.set(delta);
            bytes += accounted;
            count++;
        }
    }

    /** Whether the other one names the same messages, with the same accounted bytes. */
    boolean same(Removed other) {
        return bytes == other.bytes && bits.equals(other.bits);
    }

    /** Whether all that the other one names is in here. */
    boolean covers(Removed other) {
        BitSet missing = (BitSet) other.bits.clone();
        missing.andNot(bits);
        return missing.isEmpty();
    }

    public byte[] encode() {
        byte[] words = bits.toByteArray();
        return ByteBuffer.allocate(1 + 8 + 4 + words.length).put(VERSION).putLong(bytes).putInt(count).put(words).array();
    }

    public static Removed decode(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("tombstones of unknown version " + version);
        }
        long bytes = in.getLong();
        int count = in.getInt();
        Removed removed = new Removed(BitSet.valueOf(in));
        removed.bytes = bytes;
        removed.count = count;
        return removed;
    }
}

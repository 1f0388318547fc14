package org.memphisee.core.archive;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Compresses blocks of up to 64 KiB in Snappy's format, which every reader of S2 takes. Reused; one thread at a time. */
final class SnappyBlock {

    /** Bytes of a block at most. */
    static final int MAX = 1 << 16;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int HASH_BITS = 13;
    private static final int MIN_MATCH = 4;
    private static final int MAX_COPY = 64;
    /** The last bytes are always literal, so that no look-up reads beyond the block. */
    private static final int TAIL = 15;

    private final int[] table = new int[1 << HASH_BITS];
    private byte[] out = new byte[MAX + MAX / 6 + 64];
    private int length;

    /** The compressed bytes of the last call; as many as it said. */
    byte[] out() {
        return out;
    }

    /** Compresses the slice; tells how long the result is, which may be more than there was. */
    int compress(byte[] in, int offset, int size) {
        length = 0;
        int rest = size;
        while (rest >= 0x80) {
            out[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[length++] = (byte) rest;
        Arrays.fill(table, -1);
        int end = offset + size;
        int limit = end - TAIL;
        int literal = offset;
        int at = offset;
        int misses = 32;
        while (at < limit) {
            int value = (int) INT.get(in, at);
            int slot = value * 0x1e35a7bd >>> 32 - HASH_BITS;
            int candidate = table[slot];
            table[slot] = at;
            if (candidate < 0 || (int) INT.get(in, candidate) != value) {
                at += misses++ >>> 5; // what does not compress is passed over faster and faster
                continue;
            }
            literal(in, literal, at - literal);
            int matched = MIN_MATCH;
            while (at + matched < end && in[candidate + matched] == in[at + matched]) {
                matched++;
            }
            copy(at - candidate, matched);
            at += matched;
            literal = at;
            misses = 32;
        }
        literal(in, literal, end - literal);
        return length;
    }

    private void literal(byte[] in, int from, int count) {
        if (count == 0) {
            return;
        }
        int n = count - 1;
        if (n < 60) {
            out[length++] = (byte) (n << 2);
        } else if (n < 1 << 8) {
            out[length++] = (byte) (60 << 2);
            out[length++] = (byte) n;
        } else {
            out[length++] = (byte) (61 << 2);
            out[length++] = (byte) n;
            out[length++] = (byte) (n >>> 8);
        }
        System.arraycopy(in, from, out, length, count);
        length += count;
    }

    private void copy(int distance, int count) {
        int left = count;
        while (left > 0) {
            int n = Math.min(left, MAX_COPY);
            out[length++] = (byte) (n - 1 << 2 | 2);
            out[length++] = (byte) distance;
            out[length++] = (byte) (distance >>> 8);
            left -= n;
        }
    }
}

package org.memphisee.core.subject;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * SipHash under a key that is drawn anew for each process: whoever chooses subjects or message ids cannot choose where
 * they fall. {@link #of} (one round per word, three at the end) is for tables; {@link #identify} (two and four, 128 bits)
 * stands for the text itself.
 */
public final class SipHash {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** A number that makes the key: only for simulations that are to be the same again in another process. */
    private static final String FIXED = "memphisee.simulation.hash";
    private static final long K0;
    private static final long K1;

    static {
        Long fixed = Long.getLong(FIXED);
        SecureRandom random = new SecureRandom();
        K0 = fixed == null ? random.nextLong() : fixed;
        K1 = fixed == null ? random.nextLong() : ~fixed;
    }

    private final long k0;
    private final long k1;
    private long low;
    private long high;

    /** With the key of this process. */
    public SipHash() {
        this(K0, K1);
    }

    SipHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** 64 bits of the slice under the key of this process. Any thread. */
    public static long of(byte[] b, int offset, int length) {
        long v0 = K0 ^ 0x736f6d6570736575L;
        long v1 = K1 ^ 0x646f72616e646f6dL;
        long v2 = K0 ^ 0x6c7967656e657261L;
        long v3 = K1 ^ 0x7465646279746573L;
        int end = offset + (length & ~7);
        for (int i = offset; i <= end; i += 8) {
            long m = i < end ? (long) LONG.get(b, i) : last(b, i, length);
            v3 ^= m;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= m;
        }
        v2 ^= 0xff;
        for (int i = 0; i < 3; i++) {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** Hashes the slice to {@link #low()} and {@link #high()}. One thread. */
    public void identify(byte[] b, int offset, int length) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int end = offset + (length & ~7);
        int rounds = 2;
        long m = 0;
        for (int i = offset; i <= end + 16; i += 8) {
            if (i <= end) {
                m = i < end ? (long) LONG.get(b, i) : last(b, i, length);
                v3 ^= m;
            } else if (i == end + 8) {
                v2 ^= 0xee;
                rounds = 4;
            } else {
                low = v0 ^ v1 ^ v2 ^ v3;
                v1 ^= 0xdd;
            }
            for (int r = 0; r < rounds; r++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            if (i <= end) {
                v0 ^= m;
            }
        }
        high = v0 ^ v1 ^ v2 ^ v3;
    }

    /** The first half of the last {@link #identify}. */
    public long low() {
        return low;
    }

    /** The second half, independent of the first. */
    public long high() {
        return high;
    }

    private static long last(byte[] b, int from, int length) {
        long m = (long) length << 56;
        for (int i = (length & 7) - 1; i >= 0; i--) {
            m |= (b[from + i] & 0xFFL) << 8 * i;
        }
        return m;
    }
}

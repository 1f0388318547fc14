package org.memphisee.core.client;

/** MurmurHash3 x86 32 bit with the seed that all SDKs use for partition keys (wire-protocol.md 4.9). Pure function. */
final class Murmur3 {

    private static final int SEED = 31;
    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private Murmur3() { }

    static int hash(byte[] data) {
        int h = SEED;
        int whole = data.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            h ^= mixed((data[i] & 0xff) | (data[i + 1] & 0xff) << 8 | (data[i + 2] & 0xff) << 16 | data[i + 3] << 24);
            h = Integer.rotateLeft(h, 13) * 5 + 0xe6546b64;
        }
        int tail = 0;
        for (int i = data.length - 1; i >= whole; i--) {
            tail = tail << 8 | (data[i] & 0xff);
        }
        if (whole < data.length) {
            h ^= mixed(tail);
        }
        h ^= data.length;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    private static int mixed(int k) {
        return Integer.rotateLeft(k * C1, 15) * C2;
    }
}

package org.memphisee.client;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** How stations and groups appear in subjects (wire-protocol.md 4.1 and 4.2), and the choice of a partition (4.4). */
public final class StationNames {

    private static final int SEED = 31;

    private StationNames() { }

    /** The form used in subjects; whether a name is allowed is the broker's to decide. */
    public static String internal(String external) {
        return external.toLowerCase(Locale.ROOT).replace('.', '#');
    }

    /** Stream of a partition; partition 0 is a stream without partitions. */
    public static String stream(String station, int partition) {
        String internal = internal(station);
        return partition == 0 ? internal : internal + "$" + partition;
    }

    /** Which of n partitions a key belongs to, from 0: the same for every SDK. */
    static int indexOf(String key, int partitions) {
        return (int) (Integer.toUnsignedLong(murmur3(key.getBytes(StandardCharsets.UTF_8))) % partitions);
    }

    /** MurmurHash3, x86, 32 bits. */
    static int murmur3(byte[] data) {
        int hash = SEED;
        int whole = data.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            int k = data[i] & 0xFF | (data[i + 1] & 0xFF) << 8 | (data[i + 2] & 0xFF) << 16 | data[i + 3] << 24;
            hash = Integer.rotateLeft(hash ^ mixed(k), 13) * 5 + 0xE6546B64;
        }
        int tail = 0;
        for (int i = data.length - 1; i >= whole; i--) {
            tail = tail << 8 | data[i] & 0xFF;
        }
        if (data.length > whole) {
            hash ^= mixed(tail);
        }
        hash ^= data.length;
        hash = (hash ^ hash >>> 16) * 0x85EBCA6B;
        hash = (hash ^ hash >>> 13) * 0xC2B2AE35;
        return hash ^ hash >>> 16;
    }

    private static int mixed(int k) {
        return Integer.rotateLeft(k * 0xCC9E2D51, 15) * 0x1B873593;
    }
}

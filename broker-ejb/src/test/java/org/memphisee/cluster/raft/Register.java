package org.memphisee.cluster.raft;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** Registers that entries write to or compare and set, with a store that has what it was told to sync after a power cut. */
final class Register {

    private static final byte OPENING = 0;
    private static final byte PUT = 1;
    private static final byte SWAP = 2;

    private Map<Integer, Long> values = new TreeMap<>();
    private long applied;
    private Map<Integer, Long> syncedValues = new TreeMap<>();
    private long synced;

    static byte[] opening(long term) {
        return ByteBuffer.allocate(9).put(OPENING).putLong(term).array();
    }

    /** Each entry is another one, by its number. */
    static byte[] put(long number, int key, int padding) {
        return ByteBuffer.allocate(17 + padding).put(PUT).putLong(number).putInt(key).array();
    }

    static byte[] swap(long number, int key, long expected) {
        return ByteBuffer.allocate(21).put(SWAP).putLong(number).putInt(key).putLong(expected).array();
    }

    void apply(long index, byte[] bytes, int offset, int length) {
        if (index != applied + 1) {
            throw new AssertionError("entry " + index + " is applied after " + applied);
        }
        applied = index;
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        byte kind = in.get();
        long number = in.getLong();
        if (kind != OPENING) {
            int key = in.getInt();
            if (kind == PUT || values.getOrDefault(key, 0L) == in.getLong()) {
                values.put(key, number);
            }
        }
    }

    long applied() {
        return applied;
    }

    long synced() {
        return synced;
    }

    void sync() {
        synced = applied;
        syncedValues = new TreeMap<>(values);
    }

    /** What was not synced is gone. */
    void restart() {
        applied = synced;
        values = new TreeMap<>(syncedValues);
    }

    /** Becomes the same as another one, on the disk. */
    void become(Register other) {
        values = new TreeMap<>(other.values);
        applied = other.applied;
        sync();
    }

    Map<Integer, Long> values() {
        return values;
    }
}

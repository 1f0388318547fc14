package org.memphisee.core.consumer;

import java.util.Arrays;

/**
 * Map from positive sequences to non-negative ints with open addressing: no object per entry, no tombstones
 * (removal shifts the run back).
 */
final class LongMap {

    static final int ABSENT = -1;

    private static final int INITIAL = 16;

    /** 0 marks a free cell; sequences begin at 1. */
    private long[] keys = new long[INITIAL];
    private int[] values = new int[INITIAL];
    private int size;

    int size() {
        return size;
    }

    int get(long key) {
        int mask = keys.length - 1;
        for (int i = home(key, mask); keys[i] != 0; i = i + 1 & mask) {
            if (keys[i] == key) {
                return values[i];
            }
        }
        return ABSENT;
    }

    boolean contains(long key) {
        return size != 0 && get(key) != ABSENT;
    }

    void put(long key, int value) {
        if (size * 2 >= keys.length) {
            resize(keys.length * 2);
        }
        int mask = keys.length - 1;
        int i = home(key, mask);
        while (keys[i] != 0 && keys[i] != key) {
            i = i + 1 & mask;
        }
        if (keys[i] == 0) {
            keys[i] = key;
            size++;
        }
        values[i] = value;
    }

    /** Removes the key and answers its value, or {@link #ABSENT}. */
    int remove(long key) {
        int mask = keys.length - 1;
        int i = home(key, mask);
        while (keys[i] != key) {
            if (keys[i] == 0) {
                return ABSENT;
            }
            i = i + 1 & mask;
        }
        int value = values[i];
        closeGap(i, mask);
        size--;
        // A burst must not pin its memory for the lifetime of the consumer.
        if (keys.length > 1024 && size * 8 < keys.length) {
            resize(keys.length / 4);
        }
        return value;
    }

    /** The keys, ascending. */
    long[] sortedKeys() {
        long[] sorted = new long[size];
        int n = 0;
        for (long key : keys) {
            if (key != 0) {
                sorted[n++] = key;
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    private void closeGap(int gap, int mask) {
        int free = gap;
        for (int i = free + 1 & mask; keys[i] != 0; i = i + 1 & mask) {
            int home = home(keys[i], mask);
            // Move back unless the entry already sits between its home and the gap, cyclically.
            if ((i - home & mask) >= (i - free & mask)) {
                keys[free] = keys[i];
                values[free] = values[i];
                free = i;
            }
        }
        keys[free] = 0;
    }

    private void resize(int capacity) {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[capacity];
        values = new int[capacity];
        int mask = capacity - 1;
        for (int k = 0; k < oldKeys.length; k++) {
            if (oldKeys[k] != 0) {
                int i = home(oldKeys[k], mask);
                while (keys[i] != 0) {
                    i = i + 1 & mask;
                }
                keys[i] = oldKeys[k];
                values[i] = oldValues[k];
            }
        }
    }

    private static int home(long key, int mask) {
        long h = key * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 32) & mask;
    }
}

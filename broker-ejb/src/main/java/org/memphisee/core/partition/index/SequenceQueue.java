package org.memphisee.core.partition.index;

import java.util.Arrays;

/** Ascending sequences; grows at the end, shrinks mostly at the front. */
public final class SequenceQueue {

    /** Bytes of memory of one with few sequences. */
    static final long LEAST_BYTES = 48 + 8 * 4;

    private long[] items = new long[4];
    private int head;
    private int size;

    void add(long sequence) {
        if (head + size == items.length) {
            long[] next = size * 2 > items.length ? new long[items.length * 2] : items;
            System.arraycopy(items, head, next, 0, size);
            items = next;
            head = 0;
        }
        items[head + size++] = sequence;
    }

    /** Bytes of memory. */
    long memory() {
        return 48 + 8L * items.length;
    }

    public int size() {
        return size;
    }

    public long first() {
        return items[head];
    }

    long last() {
        return items[head + size - 1];
    }

    /** Removes one; absent ones are ignored. */
    public void remove(long sequence) {
        if (size > 0 && items[head] == sequence) {
            head++;
            size--;
            return;
        }
        int i = Arrays.binarySearch(items, head, head + size, sequence);
        if (i >= 0) {
            System.arraycopy(items, i + 1, items, i, head + size - i - 1);
            size--;
        }
    }
}

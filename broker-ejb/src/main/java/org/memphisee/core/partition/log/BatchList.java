package org.memphisee.core.partition.log;

import java.util.Arrays;
import java.util.List;

/** The committed batches of a partition in order of sequence; grows at the end, shrinks at the front. One thread. */
public final class BatchList {

    private StoredBatch[] items = new StoredBatch[16];
    private int head;
    private int size;

    public int size() {
        return size;
    }

    public StoredBatch get(int i) {
        return items[head + i];
    }

    public StoredBatch first() {
        return items[head];
    }

    StoredBatch last() {
        return items[head + size - 1];
    }

    void add(StoredBatch batch) {
        if (head + size == items.length) {
            StoredBatch[] next = size * 2 > items.length ? new StoredBatch[items.length * 2] : items;
            System.arraycopy(items, head, next, 0, size);
            if (next == items) {
                Arrays.fill(items, size, Math.min(items.length, head + size), null);
            }
            items = next;
            head = 0;
        }
        items[head + size++] = batch;
    }

    /** Index of the batch that holds the sequence, or of the first one after it; {@code size} when there is none. */
    public int indexOf(long sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            int mid = low + high >>> 1;
            if (items[head + mid].last() < sequence) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    void remove(int i) {
        if (i == 0) {
            items[head++] = null;
            size--;
            return;
        }
        System.arraycopy(items, head + i + 1, items, head + i, size - i - 1);
        items[head + --size] = null;
    }

    /** Puts one batch in the place of several adjacent ones. */
    void replace(List<StoredBatch> old, StoredBatch batch) {
        int i = indexOf(old.get(0).first());
        items[head + i] = batch;
        int cut = old.size() - 1;
        System.arraycopy(items, head + i + 1 + cut, items, head + i + 1, size - i - 1 - cut);
        for (int k = 0; k < cut; k++) {
            items[head + --size] = null;
        }
    }
}

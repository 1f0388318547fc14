package org.memphisee.core.cluster.journal;

import java.util.Arrays;

/**
 * Where entries of a group are: the first of each 64 KiB of a segment, and each that follows a cut; those between are found by
 * reading on. So its size follows the journal's, not the number of entries. From a sample on to the next one, the first entry
 * that is found with an index is the one that counts. Not thread-safe.
 */
final class EntryIndex {

    private static final int STRIDE_BITS = 16;
    private static final int FEW = 16;

    private long[] indexes = new long[FEW];
    private long[] positions = new long[FEW];
    private int size;
    private boolean next = true;

    /** An entry was written behind all others. */
    void add(long index, long position) {
        if (!next && size > 0 && positions[size - 1] >>> STRIDE_BITS == position >>> STRIDE_BITS) {
            return;
        }
        if (size == indexes.length) {
            indexes = Arrays.copyOf(indexes, 2 * size);
            positions = Arrays.copyOf(positions, 2 * size);
        }
        indexes[size] = index;
        positions[size++] = position;
        next = false;
    }

    /** Entries from an index on are gone. */
    void cut(long from) {
        while (size > 0 && indexes[size - 1] >= from) {
            size--;
        }
        next = true;
    }

    /** Reading on from here does not work: the next entry is found by itself. */
    void gap() {
        next = true;
    }

    void clear() {
        cut(0);
    }

    /** Position from which an entry is found by reading on; {@link Position#NONE} for none. */
    long before(long index) {
        int at = floor(index);
        return at < 0 ? Position.NONE : positions[at];
    }

    /** Position of the entry itself, if it is a sample; else {@link Position#NONE}. */
    long at(long index) {
        int at = floor(index);
        return at < 0 || indexes[at] != index ? Position.NONE : positions[at];
    }

    /** The first entry behind a position, {@link Long#MAX_VALUE} for none. True of the first position of a segment. */
    long firstFrom(long position) {
        for (int i = 0; i < size; i++) {
            if (positions[i] >= position) {
                return indexes[i];
            }
        }
        return Long.MAX_VALUE;
    }

    /** What lies before a position is gone. */
    void forget(long position) {
        int gone = 0;
        while (gone < size && positions[gone] < position) {
            gone++;
        }
        System.arraycopy(indexes, gone, indexes, 0, size - gone);
        System.arraycopy(positions, gone, positions, 0, size - gone);
        size -= gone;
    }

    int size() {
        return size;
    }

    private int floor(long index) {
        int found = Arrays.binarySearch(indexes, 0, size, index);
        return found >= 0 ? found : -found - 2;
    }
}

package org.memphisee.core.consumer;

import java.util.Arrays;

/**
 * A set of positive sequences that costs little however many there are: for each block of 65 536 sequences that is not empty
 * some 50 bytes and two to four for each sequence in it, but never more than 8 KiB, a bit for each. A block is a sorted list
 * while it is sparse, then bits, and nothing at all once it is full. One thread.
 */
final class SequenceSet {

    /** What {@link #next} answers when there is no more. */
    static final long NONE = 0;
    /** Sequences of a block. */
    static final int BLOCK = 1 << 16;
    /** Longs with a bit for each sequence of a block. */
    static final int WORDS = BLOCK / Long.SIZE;

    private static final int SHIFT = 16;
    /** From here on a list takes more than bits. */
    private static final int LIST_LIMIT = WORDS * Long.BYTES / Character.BYTES;
    private static final int BLOCK_OVERHEAD = 32;

    private long[] keys = {};
    private Block[] blocks = {};
    private int blockCount;
    private int size;

    /** The sequences with the same upper bits. */
    private static final class Block {
        /** Sorted; null when there are bits, or when it is full. */
        private char[] list = new char[4];
        private long[] bits;
        private int count;

        /** Index of the value in the list, or where it belongs, as of a binary search. */
        private int indexOf(char value) {
            return Arrays.binarySearch(list, 0, count, value);
        }

        boolean full() {
            return list == null && bits == null;
        }

        boolean contains(char value) {
            return list != null ? indexOf(value) >= 0 : full() || (bits[value >> 6] >>> value & 1) != 0;
        }

        boolean add(char value) {
            if (contains(value)) {
                return false;
            }
            if (list != null && count == LIST_LIMIT) {
                bits = new long[WORDS];
                copy(bits);
                list = null;
            }
            if (list != null) {
                int at = -indexOf(value) - 1;
                char[] from = list;
                if (count == list.length) {
                    list = Arrays.copyOf(list, Math.min(LIST_LIMIT, count * 2));
                }
                System.arraycopy(from, at, list, at + 1, count - at);
                list[at] = value;
            } else {
                bits[value >> 6] |= 1L << value;
            }
            if (++count == BLOCK) {
                bits = null;
            }
            return true;
        }

        boolean remove(char value) {
            if (!contains(value)) {
                return false;
            }
            if (list != null) {
                int at = indexOf(value);
                System.arraycopy(list, at + 1, list, at, --count - at);
                if (list.length > 4 && count < list.length / 4) {
                    list = Arrays.copyOf(list, list.length / 2);
                }
                return true;
            }
            if (full()) {
                bits = new long[WORDS];
                Arrays.fill(bits, -1);
            }
            bits[value >> 6] &= ~(1L << value);
            if (--count < LIST_LIMIT / 2) {
                toList();
            }
            return true;
        }

        private void toList() {
            char[] values = new char[LIST_LIMIT];
            int n = 0;
            for (int at = next(0); at < BLOCK; at = next(at + 1)) {
                values[n++] = (char) at;
            }
            list = values;
            bits = null;
        }

        /** The lowest value from one on, {@link #BLOCK} when there is none. */
        int next(int from) {
            if (from >= BLOCK || full()) {
                return from;
            }
            if (list != null) {
                int at = indexOf((char) from);
                at = at < 0 ? -at - 1 : at;
                return at < count ? list[at] : BLOCK;
            }
            long word = bits[from >> 6] & -1L << from;
            for (int i = from >> 6;;) {
                if (word != 0) {
                    return (i << 6) + Long.numberOfTrailingZeros(word);
                }
                if (++i == WORDS) {
                    return BLOCK;
                }
                word = bits[i];
            }
        }

        void copy(long[] words) {
            if (list == null) {
                if (full()) {
                    Arrays.fill(words, -1);
                } else {
                    System.arraycopy(bits, 0, words, 0, WORDS);
                }
                return;
            }
            Arrays.fill(words, 0);
            for (int i = 0; i < count; i++) {
                words[list[i] >> 6] |= 1L << list[i];
            }
        }
    }

    int size() {
        return size;
    }

    boolean contains(long sequence) {
        int at = find(sequence >>> SHIFT);
        return at >= 0 && blocks[at].contains((char) sequence);
    }

    /** Whether it was not in there before. */
    boolean add(long sequence) {
        int at = find(sequence >>> SHIFT);
        if (at < 0) {
            at = -at - 1;
            insert(at, sequence >>> SHIFT);
        }
        boolean added = blocks[at].add((char) sequence);
        size += added ? 1 : 0;
        return added;
    }

    /** Whether it was in there. */
    boolean remove(long sequence) {
        int at = find(sequence >>> SHIFT);
        if (at < 0 || !blocks[at].remove((char) sequence)) {
            return false;
        }
        size--;
        if (blocks[at].count == 0) {
            delete(at);
        }
        return true;
    }

    /** The lowest one from a sequence on, {@link #NONE} when there is none. */
    long next(long from) {
        int at = find(from >>> SHIFT);
        int begin = at < 0 ? 0 : (char) from;
        for (at = at < 0 ? -at - 1 : at; at < blockCount; at++) {
            int value = blocks[at].next(begin);
            if (value < BLOCK) {
                return (keys[at] << SHIFT) + value;
            }
            begin = 0;
        }
        return NONE;
    }

    /** Blocks that are not empty. */
    int blocks() {
        return blockCount;
    }

    /** The sequences of a block without their lower 16 bits. */
    long key(int block) {
        return keys[block];
    }

    /** A bit for each sequence of a block, into {@link #WORDS} longs. */
    void words(int block, long[] words) {
        blocks[block].copy(words);
    }

    /** About what it takes of the heap, in bytes. */
    long heapBytes() {
        long bytes = (long) keys.length * (Long.BYTES + Integer.BYTES);
        for (int i = 0; i < blockCount; i++) {
            Block b = blocks[i];
            bytes += BLOCK_OVERHEAD + (b.list == null ? 0 : (long) b.list.length * Character.BYTES)
                + (b.bits == null ? 0 : (long) WORDS * Long.BYTES);
        }
        return bytes;
    }

    private int find(long key) {
        if (blockCount > 0 && keys[blockCount - 1] == key) {
            return blockCount - 1; // sequences go up
        }
        return Arrays.binarySearch(keys, 0, blockCount, key);
    }

    private void insert(int at, long key) {
        if (blockCount == keys.length) {
            int capacity = Math.max(4, blockCount + (blockCount >> 1));
            keys = Arrays.copyOf(keys, capacity);
            blocks = Arrays.copyOf(blocks, capacity);
        }
        System.arraycopy(keys, at, keys, at + 1, blockCount - at);
        System.arraycopy(blocks, at, blocks, at + 1, blockCount - at);
        keys[at] = key;
        blocks[at] = new Block();
        blockCount++;
    }

    private void delete(int at) {
        blockCount--;
        System.arraycopy(keys, at + 1, keys, at, blockCount - at);
        System.arraycopy(blocks, at + 1, blocks, at, blockCount - at);
        blocks[blockCount] = null;
    }
}

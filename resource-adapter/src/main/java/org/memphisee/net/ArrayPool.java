package org.memphisee.net;

/**
 * Arrays for large batches, so that they stay in the processor's cache and are not cleared anew each time. Sizes are
 * powers of two. Taken by threads that write, given back by event loops; touched once per large batch, not per message.
 */
public final class ArrayPool {

    static final int SMALLEST = 8 << 10;
    private static final int LARGEST = 1 << 20;
    private static final int BYTES_PER_SIZE = 2 << 20;

    private final Stack[] stacks = new Stack[Integer.numberOfTrailingZeros(LARGEST / SMALLEST) + 1];

    /** An empty one. */
    public ArrayPool() {
        for (int i = 0; i < stacks.length; i++) {
            stacks[i] = new Stack(new byte[BYTES_PER_SIZE / (SMALLEST << i)][]);
        }
    }

    /** An array of at least that many bytes, with any content. */
    byte[] take(int length) {
        if (length > LARGEST) {
            return new byte[length > 1 << 30 ? length : roundedUp(length)];
        }
        int size = Math.max(SMALLEST, roundedUp(length));
        byte[] pooled = stacks[index(size)].pop();
        return pooled.length > 0 ? pooled : new byte[size];
    }

    /** Takes an array back that nobody uses any more; those it does not want are left to the collector. */
    void give(byte[] array) {
        if (array.length >= SMALLEST && array.length <= LARGEST && Integer.bitCount(array.length) == 1) {
            stacks[index(array.length)].push(array);
        }
    }

    private static int roundedUp(int length) {
        return length <= 1 ? 1 : Integer.highestOneBit(length - 1) << 1;
    }

    private static int index(int size) {
        return Integer.numberOfTrailingZeros(size / SMALLEST);
    }

    private static final class Stack {

        private static final byte[] NONE = new byte[0];

        private final byte[][] arrays;
        private int count;

        Stack(byte[][] arrays) {
            this.arrays = arrays;
        }

        synchronized byte[] pop() {
            if (count == 0) {
                return NONE;
            }
            byte[] top = arrays[--count];
            arrays[count] = NONE;
            return top;
        }

        synchronized void push(byte[] array) {
            if (count < arrays.length) {
                arrays[count++] = array;
            }
        }
    }
}

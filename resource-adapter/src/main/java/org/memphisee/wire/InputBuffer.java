package org.memphisee.wire;

/**
 * The bytes of a connection that are not parsed yet. An array is filled once and then only read, so that slices of it
 * may be kept by the broker; there is always exactly one array and none while nothing waits.
 */
final class InputBuffer {

    private static final byte[] NONE = new byte[0];
    private static final int MAX_SPARE = 4096;

    private byte[] array = NONE;
    private int start;
    private int end;

    /** The array that holds what waits. */
    byte[] array() {
        return array;
    }

    /** First byte that waits. */
    int start() {
        return start;
    }

    /** Where the bytes that wait end and the next ones go. */
    int end() {
        return end;
    }

    /** Bytes that wait. */
    int waiting() {
        return end - start;
    }

    /**
     * Makes room at {@link #end()} for up to that many bytes.
     *
     * @param wanted how many are there, at least 1
     * @return how many to put there now, at least 1: fewer when an unfinished frame has an array of its own
     */
    int reserve(int wanted) {
        if (end == array.length) {
            int kept = end - start;
            // The spare room keeps a line that arrives byte by byte from being copied once per byte.
            move(kept + Math.max(wanted, Math.min(kept, MAX_SPARE)));
        }
        return Math.min(wanted, array.length - end);
    }

    /** That many bytes were put at {@link #end()}. */
    void filled(int count) {
        end += count;
    }

    /** That many bytes are done with. */
    void consume(int count) {
        start += count;
        if (start == end) {
            array = NONE;
            start = 0;
            end = 0;
        }
    }

    /** An unfinished frame begins at {@link #start()}: gives it its final array, so that it is moved at most once. */
    void expect(int frameLength) {
        if (array.length - start < frameLength) {
            move(frameLength);
        }
    }

    /** Forgets everything. */
    void clear() {
        consume(end - start);
    }

    private void move(int size) {
        byte[] next = new byte[size];
        int kept = end - start;
        System.arraycopy(array, start, next, 0, kept);
        array = next;
        start = 0;
        end = kept;
    }
}

package org.memphisee.net;

import java.util.ArrayDeque;

/** Small arrays in which a thread begins its batches; a thread keeps as many as it had open at once, up to a limit. */
final class ScratchArrays {

    static final int SIZE = 4 << 10;
    private static final int KEPT_PER_THREAD = 64;

    // Only JDK types hang on the thread: a container thread that outlives the application keeps none of its classes.
    private static final ThreadLocal<ArrayDeque<byte[]>> FREE = ThreadLocal.withInitial(ArrayDeque::new);

    private ScratchArrays() { }

    static byte[] take() {
        byte[] array = FREE.get().pollLast();
        return array == null ? new byte[SIZE] : array;
    }

    static void give(byte[] array) {
        ArrayDeque<byte[]> free = FREE.get();
        if (free.size() < KEPT_PER_THREAD) {
            free.addLast(array);
        }
    }
}

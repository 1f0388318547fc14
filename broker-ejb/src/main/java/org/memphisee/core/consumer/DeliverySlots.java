package org.memphisee.core.consumer;

import java.util.Arrays;

/**
 * The unacknowledged deliveries as columns: one slot per message, reused, so that a delivery costs no object.
 * {@link PendingDeliveries} keeps the order of sequences in it, {@link RedeliverySchedule} the times.
 */
final class DeliverySlots {

    static final int NONE = -1;

    private static final int INITIAL = 16;

    long[] sequence = new long[INITIAL];
    /** Number of the first delivery; the floor needs that one, whatever came later. */
    long[] consumerSeq = new long[INITIAL];
    int[] deliveries = new int[INITIAL];
    /** Neighbours in ascending order of sequence; {@code after} also links the free slots. */
    int[] before = new int[INITIAL];
    int[] after = new int[INITIAL];

    /** When the ack wait began to run, monotonic nanoseconds. */
    long[] clock = new long[INITIAL];
    /** When it is due, for slots in the heap. */
    long[] deadline = new long[INITIAL];
    /** Where in the schedule it is. */
    byte[] place = new byte[INITIAL];
    /** Neighbours in the schedule's list; for slots in the heap {@code next} is the heap position. */
    int[] previous = new int[INITIAL];
    int[] next = new int[INITIAL];

    private int used;
    private int free = NONE;

    int allocate() {
        if (free != NONE) {
            int slot = free;
            free = after[slot];
            return slot;
        }
        if (used == sequence.length) {
            grow(used * 2);
        }
        return used++;
    }

    void release(int slot) {
        after[slot] = free;
        free = slot;
    }

    private void grow(int capacity) {
        sequence = Arrays.copyOf(sequence, capacity);
        consumerSeq = Arrays.copyOf(consumerSeq, capacity);
        deliveries = Arrays.copyOf(deliveries, capacity);
        before = Arrays.copyOf(before, capacity);
        after = Arrays.copyOf(after, capacity);
        clock = Arrays.copyOf(clock, capacity);
        deadline = Arrays.copyOf(deadline, capacity);
        place = Arrays.copyOf(place, capacity);
        previous = Arrays.copyOf(previous, capacity);
        next = Arrays.copyOf(next, capacity);
    }
}

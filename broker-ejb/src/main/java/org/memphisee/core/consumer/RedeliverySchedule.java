package org.memphisee.core.consumer;

import java.util.Arrays;
import java.util.List;

/**
 * When pending deliveries come again. A slot is in exactly one of three places: the list of those that wait the
 * constant ack wait, in order of their clocks, so that start, ack and expiry cost O(1); a heap for back-off and NAK
 * delays; or the redelivery queue.
 */
final class RedeliverySchedule {

    static final long NEVER = Long.MAX_VALUE;

    static final byte NOWHERE = 0;
    private static final byte WAITING = 1;
    private static final byte TIMED = 2;
    private static final byte DELAYED = 3;
    private static final byte QUEUED = 4;

    private final PendingDeliveries pending;
    private final DeliverySlots slots;
    private final SlotList waiting;
    private final SlotList queue;
    private int[] heap = new int[16];
    private int heapSize;
    private long ackWaitNanos;
    private long[] backoffNanos = new long[0];
    private long[] due = new long[64];

    RedeliverySchedule(PendingDeliveries pending, long ackWaitNanos, List<Long> backoffNanos) {
        this.pending = pending;
        this.slots = pending.slots;
        this.waiting = new SlotList(slots);
        this.queue = new SlotList(slots);
        set(ackWaitNanos, backoffNanos);
    }

    /** Changes the waiting times, also of what waits already; NAK delays stay. */
    void configure(long newAckWaitNanos, List<Long> newBackoffNanos) {
        set(newAckWaitNanos, newBackoffNanos);
        for (int slot = pending.first(); slot != DeliverySlots.NONE; slot = pending.after(slot)) {
            if (slots.place[slot] == WAITING || slots.place[slot] == TIMED) {
                detach(slot);
                push(slot, slots.clock[slot] + waitOf(slots.deliveries[slot]), TIMED);
            }
        }
    }

    private void set(long newAckWaitNanos, List<Long> newBackoffNanos) {
        ackWaitNanos = newAckWaitNanos;
        backoffNanos = newBackoffNanos.stream().mapToLong(Long::longValue).toArray();
    }

    /** Starts the clock of a delivery, or starts it again. */
    void start(int slot, long now) {
        detach(slot);
        slots.clock[slot] = now;
        if (backoffNanos.length == 0) {
            waiting.addLast(slot);
            slots.place[slot] = WAITING;
        } else {
            push(slot, now + waitOf(slots.deliveries[slot]), TIMED);
        }
    }

    /** Makes it come again at a time of its own. */
    void delay(int slot, long deadline) {
        detach(slot);
        push(slot, deadline, DELAYED);
    }

    /** Makes it come again as soon as somebody wants a message; keeps its place when it is queued already. */
    void queue(int slot) {
        if (slots.place[slot] != QUEUED) {
            detach(slot);
            queue.addLast(slot);
            slots.place[slot] = QUEUED;
        }
    }

    /** Takes it out, wherever it is. */
    void detach(int slot) {
        switch (slots.place[slot]) {
            case WAITING -> waiting.remove(slot);
            case QUEUED -> queue.remove(slot);
            case TIMED, DELAYED -> removeFromHeap(slots.next[slot]);
            default -> { }
        }
        slots.place[slot] = NOWHERE;
    }

    /** Next one to deliver again, NONE when there is none. */
    int firstQueued() {
        return queue.first();
    }

    int queued() {
        return queue.size();
    }

    /** Queues what is due, in ascending order of sequence; answers how many. */
    int expire(long now) {
        int n = 0;
        for (int slot = waiting.first(); slot != DeliverySlots.NONE && slots.clock[slot] + ackWaitNanos <= now;
             slot = waiting.first()) {
            detach(slot);
            n = note(n, slot);
        }
        while (heapSize > 0 && slots.deadline[heap[0]] <= now) {
            int slot = heap[0];
            detach(slot);
            n = note(n, slot);
        }
        if (n > 1) {
            Arrays.sort(due, 0, n);
        }
        for (int i = 0; i < n; i++) {
            queue(pending.find(due[i]));
        }
        return n;
    }

    private int note(int n, int slot) {
        if (n == due.length) {
            due = Arrays.copyOf(due, n * 2);
        }
        due[n] = slots.sequence[slot];
        return n + 1;
    }

    /** When something is due next, NEVER when nothing waits. */
    long nextDeadline() {
        long next = waiting.first() == DeliverySlots.NONE ? NEVER : slots.clock[waiting.first()] + ackWaitNanos;
        return heapSize == 0 ? next : Math.min(next, slots.deadline[heap[0]]);
    }

    private long waitOf(int deliveries) {
        return backoffNanos.length == 0 ? ackWaitNanos
            : backoffNanos[Math.min(deliveries, backoffNanos.length) - 1];
    }

    private void push(int slot, long deadline, byte place) {
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        slots.deadline[slot] = deadline;
        slots.place[slot] = place;
        siftUp(heapSize++, slot);
    }

    private void removeFromHeap(int position) {
        int moved = heap[--heapSize];
        if (position == heapSize) {
            return;
        }
        siftDown(position, moved);
        if (heap[position] == moved) {
            siftUp(position, moved);
        }
    }

    private void siftUp(int from, int slot) {
        int i = from;
        while (i > 0 && slots.deadline[slot] < slots.deadline[heap[(i - 1) / 2]]) {
            place(i, heap[(i - 1) / 2]);
            i = (i - 1) / 2;
        }
        place(i, slot);
    }

    private void siftDown(int from, int slot) {
        int i = from;
        for (int child = 2 * i + 1; child < heapSize; child = 2 * i + 1) {
            if (child + 1 < heapSize && slots.deadline[heap[child + 1]] < slots.deadline[heap[child]]) {
                child++;
            }
            if (slots.deadline[slot] <= slots.deadline[heap[child]]) {
                break;
            }
            place(i, heap[child]);
            i = child;
        }
        place(i, slot);
    }

    private void place(int position, int slot) {
        heap[position] = slot;
        slots.next[slot] = position;
    }
}

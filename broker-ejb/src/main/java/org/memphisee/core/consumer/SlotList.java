package org.memphisee.core.consumer;

/** Doubly linked list of slots through their columns; a slot is in at most one such list. */
final class SlotList {

    private final DeliverySlots slots;
    private int first = DeliverySlots.NONE;
    private int last = DeliverySlots.NONE;
    private int size;

    SlotList(DeliverySlots slots) {
        this.slots = slots;
    }

    int first() {
        return first;
    }

    int size() {
        return size;
    }

    void addLast(int slot) {
        slots.previous[slot] = last;
        slots.next[slot] = DeliverySlots.NONE;
        if (last == DeliverySlots.NONE) {
            first = slot;
        } else {
            slots.next[last] = slot;
        }
        last = slot;
        size++;
    }

    void remove(int slot) {
        int previous = slots.previous[slot];
        int next = slots.next[slot];
        if (previous == DeliverySlots.NONE) {
            first = next;
        } else {
            slots.next[previous] = next;
        }
        if (next == DeliverySlots.NONE) {
            last = previous;
        } else {
            slots.previous[next] = previous;
        }
        size--;
    }
}

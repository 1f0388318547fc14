package org.memphisee.core.consumer;

/**
 * What was delivered and not acknowledged, in order of sequence, and what ran out of deliveries. First deliveries go
 * up in sequence, so a list in order of insertion is sorted and its head is what holds the ack floor.
 */
final class PendingDeliveries {

    /** Stands for the deliveries of a message that was terminated. */
    private static final int TERMINATED = 0;

    final DeliverySlots slots = new DeliverySlots();

    private final LongMap index = new LongMap();
    /**
     * Messages that get no more deliveries, with their count, {@link #TERMINATED} when a client wanted it so; no longer
     * pending, still not settled.
     */
    private final LongMap exhausted = new LongMap();
    private int first = DeliverySlots.NONE;
    private int last = DeliverySlots.NONE;
    private int redelivered;
    /** Of {@link #exhausted}, those that were delivered more than once and not terminated. */
    private int exhaustedAgain;

    int size() {
        return index.size();
    }

    /** Messages with more than one delivery that are still tracked, those without deliveries left included. */
    int redelivered() {
        return redelivered + exhaustedAgain;
    }

    /** Slot of the lowest pending sequence, NONE when nothing is pending. */
    int first() {
        return first;
    }

    int after(int slot) {
        return slots.after[slot];
    }

    /** Slot of a sequence, NONE when it is not pending. */
    int find(long sequence) {
        return index.get(sequence);
    }

    /** Whether the message is neither acknowledged nor terminated. */
    boolean holds(long sequence) {
        return index.contains(sequence) || exhausted.contains(sequence);
    }

    /** Adds a delivery above all earlier ones. */
    int add(long sequence, long consumerSeq, int deliveries) {
        int slot = slots.allocate();
        slots.sequence[slot] = sequence;
        slots.consumerSeq[slot] = consumerSeq;
        slots.deliveries[slot] = deliveries;
        slots.place[slot] = RedeliverySchedule.NOWHERE;
        slots.before[slot] = last;
        slots.after[slot] = DeliverySlots.NONE;
        if (last == DeliverySlots.NONE) {
            first = slot;
        } else {
            slots.after[last] = slot;
        }
        last = slot;
        index.put(sequence, slot);
        if (deliveries > 1) {
            redelivered++;
        }
        return slot;
    }

    /** Counts one more delivery. */
    int deliverAgain(int slot) {
        int count = ++slots.deliveries[slot];
        if (count == 2) {
            redelivered++;
        }
        return count;
    }

    /** Forgets a delivery; the schedule must have let go of it. */
    void remove(int slot) {
        int before = slots.before[slot];
        int after = slots.after[slot];
        if (before == DeliverySlots.NONE) {
            first = after;
        } else {
            slots.after[before] = after;
        }
        if (after == DeliverySlots.NONE) {
            last = before;
        } else {
            slots.before[after] = before;
        }
        if (slots.deliveries[slot] > 1) {
            redelivered--;
        }
        index.remove(slots.sequence[slot]);
        slots.release(slot);
    }

    /** Takes a message out of pending because it has no deliveries left. */
    void exhaust(int slot) {
        exhausted(slots.sequence[slot], slots.deliveries[slot]);
        remove(slot);
    }

    /** Takes a message out of pending because a client wants it no more, though it is still needed. */
    void terminate(int slot) {
        exhausted(slots.sequence[slot], TERMINATED);
        remove(slot);
    }

    /** Restores one without deliveries left. */
    void exhausted(long sequence, int deliveries) {
        exhausted.put(sequence, deliveries);
        if (deliveries > 1) {
            exhaustedAgain++;
        }
    }

    /** Forgets one without deliveries left; answers whether it was one. */
    boolean forgetExhausted(long sequence) {
        int deliveries = exhausted.size() == 0 ? LongMap.ABSENT : exhausted.remove(sequence);
        if (deliveries > 1) {
            exhaustedAgain--;
        }
        return deliveries != LongMap.ABSENT;
    }

    int exhaustedSize() {
        return exhausted.size();
    }

    long[] exhaustedSequences() {
        return exhausted.sortedKeys();
    }

    int exhaustedDeliveries(long sequence) {
        return exhausted.get(sequence);
    }
}

package org.memphisee.core.consumer;

import java.util.function.LongConsumer;

/**
 * What was delivered and not acknowledged, in order of sequence, and what ran out of deliveries. First deliveries go
 * up in sequence, so a list in order of insertion is sorted and its head is what holds the ack floor.
 */
final class PendingDeliveries {

    final DeliverySlots slots = new DeliverySlots();

    private final LongMap index = new LongMap();
    /** Messages that were delivered more than once and get no more deliveries; no longer pending, still not settled. */
    private final SequenceSet exhaustedAgain = new SequenceSet();
    /** The same for those that were delivered once, and for those of which a client wanted no more. */
    private final SequenceSet exhaustedOnce = new SequenceSet();
    private int first = DeliverySlots.NONE;
    private int last = DeliverySlots.NONE;
    private int redelivered;

    int size() {
        return index.size();
    }

    /** Messages with more than one delivery that are still tracked, those without deliveries left included. */
    int redelivered() {
        return redelivered + exhaustedAgain.size();
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
        return index.contains(sequence) || exhaustedAgain.contains(sequence) || exhaustedOnce.contains(sequence);
    }

    /** Visits what {@link #holds}. */
    void visit(LongConsumer visitor) {
        for (int slot = first; slot != DeliverySlots.NONE; slot = slots.after[slot]) {
            visitor.accept(slots.sequence[slot]);
        }
        for (long sequence = nextExhausted(1); sequence != SequenceSet.NONE; sequence = nextExhausted(sequence + 1)) {
            visitor.accept(sequence);
        }
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
        exhausted(slots.sequence[slot], slots.deliveries[slot] > 1);
        remove(slot);
    }

    /** Takes a message out of pending because a client wants it no more, though it is still needed. */
    void terminate(int slot) {
        exhausted(slots.sequence[slot], false);
        remove(slot);
    }

    /**
     * Restores one without deliveries left.
     *
     * @param again whether it was delivered more than once, and not terminated
     */
    void exhausted(long sequence, boolean again) {
        (again ? exhaustedAgain : exhaustedOnce).add(sequence);
    }

    /** Forgets one without deliveries left; answers whether it was one. */
    boolean forgetExhausted(long sequence) {
        return exhaustedAgain.remove(sequence) || exhaustedOnce.remove(sequence);
    }

    int exhaustedSize() {
        return exhaustedAgain.size() + exhaustedOnce.size();
    }

    /** The lowest one without deliveries left from a sequence on, {@link SequenceSet#NONE} when there is none. */
    long nextExhausted(long from) {
        long again = exhaustedAgain.next(from);
        long once = exhaustedOnce.next(from);
        return again == SequenceSet.NONE ? once : once == SequenceSet.NONE ? again : Math.min(again, once);
    }

    /** Those without deliveries left that were delivered more than once, or the others. */
    SequenceSet exhausted(boolean again) {
        return again ? exhaustedAgain : exhaustedOnce;
    }
}

package org.memphisee.core.consumer;

/** Takes messages that left the partition out of what is pending. */
final class Removals {

    private final PartitionView view;
    private final PendingDeliveries pending;
    private final RedeliverySchedule schedule;

    Removals(PartitionView view, PendingDeliveries pending, RedeliverySchedule schedule) {
        this.view = view;
        this.pending = pending;
        this.schedule = schedule;
    }

    /** Forgets what is gone of the range, both ends included; answers whether there was any. */
    boolean forget(long from, long to) {
        boolean changed = false;
        if (to - from < pending.size()) {
            for (long sequence = from; sequence <= to; sequence++) {
                int slot = pending.find(sequence);
                changed |= slot != DeliverySlots.NONE && forgetWhenGone(slot);
            }
        } else {
            int slot = pending.first();
            while (slot != DeliverySlots.NONE && pending.slots.sequence[slot] <= to) {
                int after = pending.after(slot);
                changed |= pending.slots.sequence[slot] >= from && forgetWhenGone(slot);
                slot = after;
            }
        }
        for (long sequence = pending.nextExhausted(from); sequence != SequenceSet.NONE && sequence <= to;
             sequence = pending.nextExhausted(sequence + 1)) {
            changed |= !view.contains(sequence) && pending.forgetExhausted(sequence);
        }
        return changed;
    }

    private boolean forgetWhenGone(int slot) {
        if (view.contains(pending.slots.sequence[slot])) {
            return false;
        }
        schedule.detach(slot);
        pending.remove(slot);
        return true;
    }
}

package org.memphisee.core.consumer;

import org.memphisee.core.consumer.PartitionView.Lookup;

/** Takes messages that left the partition out of what is pending. */
final class RemovedMessages {

    private final PartitionView view;
    private final PendingDeliveries pending;
    private final RedeliverySchedule schedule;
    private long unknown;

    RemovedMessages(PartitionView view, PendingDeliveries pending, RedeliverySchedule schedule) {
        this.view = view;
        this.pending = pending;
        this.schedule = schedule;
    }

    /** Where the last {@link #forget} stopped because a record must be read first; {@code Long.MAX_VALUE} when nowhere. */
    long unknown() {
        return unknown;
    }

    /** Forgets what is gone of the range, both ends included; answers whether there was any. */
    boolean forget(long from, long to) {
        unknown = Long.MAX_VALUE;
        boolean changed = false;
        if (to - from < pending.size()) {
            for (long sequence = from; sequence <= to && sequence < unknown; sequence++) {
                int slot = pending.find(sequence);
                changed |= slot != DeliverySlots.NONE && forgetWhenGone(slot);
            }
        } else {
            int slot = pending.first();
            while (slot != DeliverySlots.NONE && pending.slots.sequence[slot] <= Math.min(to, unknown - 1)) {
                int after = pending.after(slot);
                changed |= pending.slots.sequence[slot] >= from && forgetWhenGone(slot);
                slot = after;
            }
        }
        for (long sequence = pending.nextExhausted(from);
             sequence != SequenceSet.NONE && sequence <= to && sequence < unknown;
             sequence = pending.nextExhausted(sequence + 1)) {
            changed |= gone(sequence) && pending.forgetExhausted(sequence);
        }
        return changed;
    }

    private boolean forgetWhenGone(int slot) {
        if (!gone(pending.slots.sequence[slot])) {
            return false;
        }
        schedule.detach(slot);
        pending.remove(slot);
        return true;
    }

    private boolean gone(long sequence) {
        Lookup lookup = view.contains(sequence);
        if (lookup == Lookup.LOADING) {
            unknown = Math.min(unknown, sequence);
        }
        return lookup == Lookup.NONE;
    }
}

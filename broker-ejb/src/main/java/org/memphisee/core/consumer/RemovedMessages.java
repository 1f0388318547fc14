package org.memphisee.core.consumer;

import org.memphisee.core.consumer.PartitionView.Lookup;

/** Takes messages that left the partition out of what is pending or chosen. Shard's thread only. */
final class RemovedMessages {

    private final PartitionView view;
    private final Marks marks;
    private final PendingDeliveries pending;
    private final RedeliverySchedule schedule;
    private final Backlog backlog;
    /** Where the look that goes on stopped because a record must be read first; {@code Long.MAX_VALUE} when nowhere. */
    private long unknown;
    /** Of messages in this range it is not known yet whether they are gone. */
    private long uncheckedFrom = Long.MAX_VALUE;
    private long uncheckedTo;

    RemovedMessages(PartitionView view, Marks marks, PendingDeliveries pending, RedeliverySchedule schedule,
                    Backlog backlog) {
        this.view = view;
        this.marks = marks;
        this.pending = pending;
        this.schedule = schedule;
        this.backlog = backlog;
    }

    /**
     * Lets go of what is gone of the range, both ends included; where a record must tell, that is asked for, and the rest
     * waits for {@link #forgetUnchecked}.
     *
     * @return whether the state to store has changed
     */
    boolean forget(long from, long to) {
        unknown = Long.MAX_VALUE;
        long unknownChosen = backlog.forgetChosen(from, to);
        boolean changed = false;
        long delivered = Math.min(to, marks.deliveredStream);
        if (pending.size() + pending.exhaustedSize() > 0 && from <= delivered) {
            changed = forgetDelivered(from, delivered);
        }
        unknown = Math.min(unknown, unknownChosen);
        if (unknown < Long.MAX_VALUE) {
            uncheckedFrom = Math.min(uncheckedFrom, unknown);
            uncheckedTo = Math.max(uncheckedTo, to);
        }
        if (changed) {
            marks.raiseFloor(pending);
        }
        return changed;
    }

    /** What had to be read is there: looks at the rest. Tells whether the state to store has changed. */
    boolean forgetUnchecked() {
        if (uncheckedTo == 0) {
            return false;
        }
        long from = uncheckedFrom;
        long to = uncheckedTo;
        uncheckedFrom = Long.MAX_VALUE;
        uncheckedTo = 0;
        return forget(from, to);
    }

    private boolean forgetDelivered(long from, long to) {
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

package org.memphisee.core.consumer;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a consumer is, as values: what of its stored state another server understands. Made from a state and made into
 * one. Immutable; any thread.
 *
 * @param deliveredConsumer number of the last delivery
 * @param deliveredStream highest sequence delivered
 * @param floorConsumer delivery up to which everything is acknowledged
 * @param floorStream sequence up to which everything is acknowledged
 * @param pending what was delivered and not acknowledged, ascending
 * @param exhausted sequences without deliveries left that were delivered more than once, ascending
 */
public record ConsumerPosition(long deliveredConsumer, long deliveredStream, long floorConsumer, long floorStream,
                               List<Pending> pending, List<Long> exhausted) {

    /**
     * A delivery that waits for its acknowledgement.
     *
     * @param sequence of the message
     * @param consumerSequence number of its first delivery
     * @param deliveries how often it was delivered, from 1
     */
    public record Pending(long sequence, long consumerSequence, int deliveries) { }

    public ConsumerPosition {
        pending = List.copyOf(pending);
        exhausted = List.copyOf(exhausted);
    }

    /**
     * What a stored state says.
     *
     * @throws CorruptConsumerStateException when it cannot be read
     */
    public static ConsumerPosition of(byte[] state) {
        ConsumerState.Restored restored = ConsumerState.decode(state);
        Marks marks = restored.marks();
        PendingDeliveries all = restored.pending();
        List<Pending> pending = new ArrayList<>(all.size());
        for (int slot = all.first(); slot != DeliverySlots.NONE; slot = all.after(slot)) {
            pending.add(new Pending(all.slots.sequence[slot], all.slots.consumerSeq[slot], all.slots.deliveries[slot]));
        }
        List<Long> exhausted = new ArrayList<>();
        SequenceSet again = all.exhausted(true);
        for (long s = again.next(1); s != SequenceSet.NONE; s = again.next(s + 1)) {
            exhausted.add(s);
        }
        return new ConsumerPosition(marks.deliveredConsumer, marks.deliveredStream, marks.floorConsumer, marks.floorStream,
            pending, exhausted);
    }

    /**
     * A state from which a consumer goes on here.
     *
     * @throws IllegalArgumentException when the numbers contradict each other
     */
    public byte[] state() {
        check();
        Marks marks = new Marks();
        marks.deliveredConsumer = deliveredConsumer;
        marks.deliveredStream = deliveredStream;
        marks.floorConsumer = floorConsumer;
        marks.floorStream = floorStream;
        marks.exhausted = exhausted.size();
        PendingDeliveries all = new PendingDeliveries();
        pending.forEach(p -> all.add(p.sequence(), p.consumerSequence(), p.deliveries()));
        exhausted.forEach(sequence -> all.exhausted(sequence, true));
        return ConsumerState.encode(marks, all, deliveredStream + 1, new long[0]);
    }

    private void check() {
        boolean right = deliveredConsumer >= 0 && floorConsumer >= 0 && floorStream >= 0 && floorStream <= deliveredStream
            && floorConsumer <= deliveredConsumer && deliveredStream < Long.MAX_VALUE / 4 && deliveredConsumer < Long.MAX_VALUE / 4;
        long before = 0;
        long beforeConsumer = 0;
        for (Pending p : pending) {
            right &= p.sequence() > before && p.sequence() <= deliveredStream && p.consumerSequence() >= 0
                && p.consumerSequence() <= deliveredConsumer && p.deliveries() > 0;
            right &= p.consumerSequence() >= beforeConsumer;
            before = p.sequence();
            beforeConsumer = p.consumerSequence();
        }
        before = 0;
        for (long sequence : exhausted) {
            right &= sequence > before && sequence <= deliveredStream;
            before = sequence;
        }
        if (!right) {
            throw new IllegalArgumentException("its numbers contradict each other");
        }
    }
}

package org.memphisee.core.consumer;

import org.memphisee.core.consumer.ConsumerConfig.AckPolicy;
import org.memphisee.core.wire.Ack;
import org.memphisee.core.wire.AckSubject;
import org.memphisee.core.wire.ConsumerAdvisories;

/** Applies what clients say about deliveries (jetstream-api.md 6.4, 6.5). */
final class Acknowledgements {

    private final ConsumerEnvironment env;
    private final Marks marks;
    private final PendingDeliveries pending;
    private final RedeliverySchedule schedule;
    private final ConsumerAdvisories advisories;
    private ConsumerConfig config;

    Acknowledgements(ConsumerConfig config, ConsumerEnvironment env, Marks marks, PendingDeliveries pending,
                     RedeliverySchedule schedule, ConsumerAdvisories advisories) {
        this.config = config;
        this.env = env;
        this.marks = marks;
        this.pending = pending;
        this.schedule = schedule;
        this.advisories = advisories;
    }

    void configure(ConsumerConfig newConfig) {
        config = newConfig;
    }

    /**
     * Applies one; what no longer waits for it is left alone. False when it speaks of a message that was not delivered yet, as
     * far as is known here: a crash may have forgotten that, and then the message comes again.
     */
    boolean apply(AckSubject delivery, Ack ack) {
        if (delivery.streamSequence > marks.deliveredStream) {
            return false;
        }
        if (ack instanceof Ack.Acknowledge || ack instanceof Ack.AcknowledgeAndNext) {
            acknowledge(delivery);
        } else if (ack instanceof Ack.Nak nak) {
            refuse(delivery, nak.delayNanos());
        } else if (ack instanceof Ack.InProgress) {
            int slot = pending.find(delivery.streamSequence);
            if (slot != DeliverySlots.NONE) {
                schedule.start(slot, env.nowNanos());
            }
        } else if (ack instanceof Ack.Terminate terminate) {
            terminate(delivery.streamSequence, terminate.reason());
        }
        return true;
    }

    private void acknowledge(AckSubject delivery) {
        long sequence = delivery.streamSequence;
        int slot = pending.find(sequence);
        if (slot != DeliverySlots.NONE && config.sampleFreq() > 0) {
            sample(slot);
        }
        if (config.ackPolicy() == AckPolicy.EXPLICIT) {
            settle(sequence, slot);
        } else {
            settleUpTo(sequence);
        }
    }

    private void settleUpTo(long sequence) {
        for (int slot = pending.first(); slot != DeliverySlots.NONE && pending.slots.sequence[slot] <= sequence;
             slot = pending.first()) {
            settle(pending.slots.sequence[slot], slot);
        }
        for (long exhausted = pending.nextExhausted(1); exhausted != SequenceSet.NONE && exhausted <= sequence;
             exhausted = pending.nextExhausted(exhausted + 1)) {
            settle(exhausted, DeliverySlots.NONE);
        }
    }

    /** No more deliveries of a message; false when it is not pending. */
    boolean terminate(long sequence, String reason) {
        int slot = pending.find(sequence);
        if (slot == DeliverySlots.NONE) {
            return false;
        }
        long consumerSeq = pending.slots.consumerSeq[slot];
        int deliveries = pending.slots.deliveries[slot];
        marks.terminated++;
        if (env.keepsTerminated()) {
            schedule.detach(slot);
            pending.terminate(slot);
            marks.raiseFloor(pending);
            marks.floorAtNanos = env.wallNanos();
            env.stateChanged();
            env.gaveUp(sequence, deliveries, true, reason);
        } else {
            settle(sequence, slot);
        }
        advisories.terminated(sequence, consumerSeq, deliveries, reason);
        return true;
    }

    /** The message needs no delivery any more, whether it is pending or ran out of deliveries. */
    private void settle(long sequence, int slot) {
        if (slot != DeliverySlots.NONE) {
            schedule.detach(slot);
            pending.remove(slot);
        } else if (!pending.forgetExhausted(sequence)) {
            return;
        }
        marks.raiseFloor(pending);
        marks.floorAtNanos = env.wallNanos();
        env.stateChanged();
        env.settled(sequence);
    }

    private void refuse(AckSubject delivery, long delayNanos) {
        int slot = pending.find(delivery.streamSequence);
        if (slot == DeliverySlots.NONE) {
            return;
        }
        if (delayNanos > 0) {
            long now = env.nowNanos();
            schedule.delay(slot, now + Math.min(delayNanos, RedeliverySchedule.NEVER - Math.max(now, 0)));
        } else {
            schedule.queue(slot);
        }
        advisories.naked(delivery.streamSequence, delivery.consumerSequence, pending.slots.deliveries[slot]);
    }

    private void sample(int slot) {
        if (Long.remainderUnsigned(env.random(), 100) < config.sampleFreq()) {
            DeliverySlots slots = pending.slots;
            advisories.acknowledged(slots.sequence[slot], slots.consumerSeq[slot], slots.deliveries[slot],
                env.nowNanos() - slots.clock[slot]);
        }
    }
}

package org.memphisee.core.consumer;

/** How far a consumer is: what was delivered last and up to where everything is acknowledged. Never goes back. */
final class Marks {

    long deliveredConsumer;
    long deliveredStream;
    long deliveredAtNanos;
    long floorConsumer;
    long floorStream;
    long floorAtNanos;
    /** Messages that ran out of deliveries, and messages that a client terminated, ever. */
    long exhausted;
    long terminated;

    /** A consumer that begins at a sequence has nothing to do below it. */
    void startAt(long sequence) {
        deliveredStream = sequence - 1;
        floorStream = sequence - 1;
    }

    /** Numbers a delivery of a new message. */
    long delivered(long sequence) {
        deliveredStream = Math.max(deliveredStream, sequence);
        return ++deliveredConsumer;
    }

    /** Numbers another delivery. */
    long deliveredAgain() {
        return ++deliveredConsumer;
    }

    /** Moves the floor up to below the lowest pending delivery, or to what was delivered when nothing is pending. */
    void raiseFloor(PendingDeliveries pending) {
        int first = pending.first();
        if (first == DeliverySlots.NONE) {
            floorConsumer = deliveredConsumer;
            floorStream = deliveredStream;
        } else {
            floorConsumer = Math.max(floorConsumer, pending.slots.consumerSeq[first] - 1);
            floorStream = Math.max(floorStream, pending.slots.sequence[first] - 1);
        }
    }
}

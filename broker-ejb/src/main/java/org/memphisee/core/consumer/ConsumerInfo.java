package org.memphisee.core.consumer;

/**
 * What CONSUMER.INFO tells (jetstream-api.md 5.8). Times are nanoseconds since the epoch, 0 for never.
 *
 * @param stream name of the stream
 * @param config its configuration
 * @param createdNanos when it was created
 * @param deliveredConsumerSeq deliveries made so far, redeliveries included
 * @param deliveredStreamSeq highest new message delivered
 * @param deliveredLastActiveNanos time of the last delivery
 * @param ackFloorConsumerSeq delivery up to which everything is acknowledged
 * @param ackFloorStreamSeq message up to which everything is acknowledged
 * @param ackFloorLastActiveNanos time of the last acknowledgement
 * @param numAckPending deliveries that wait for an acknowledgement
 * @param numRedelivered messages with more than one delivery that are still tracked
 * @param numWaiting open pull requests
 * @param numPending messages that match and were never delivered; after a restart, those counted so far when some have to be
 *     read to be counted
 * @param numExhausted messages that ran out of deliveries, ever
 * @param numTerminated messages that clients terminated, ever
 * @param pushBound whether somebody listens on the deliver subject
 */
public record ConsumerInfo(String stream, ConsumerConfig config, long createdNanos, long deliveredConsumerSeq,
                           long deliveredStreamSeq, long deliveredLastActiveNanos, long ackFloorConsumerSeq,
                           long ackFloorStreamSeq, long ackFloorLastActiveNanos, long numAckPending,
                           long numRedelivered, long numWaiting, long numPending, long numExhausted,
                           long numTerminated, boolean pushBound) {

    /** Messages that match and are not acknowledged: never delivered, or delivered and waiting for it. */
    public long lag() {
        return numPending + numAckPending;
    }

    /** Messages that were given up, ever: out of deliveries, or terminated. */
    public long givenUp() {
        return numExhausted + numTerminated;
    }
}

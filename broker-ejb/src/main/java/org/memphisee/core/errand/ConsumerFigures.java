package org.memphisee.core.errand;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;

/**
 * A consumer of a partition and where it is. Times are nanoseconds since the epoch, 0 for never.
 *
 * @param name its name
 * @param durable whether it is kept when nobody uses it
 * @param ackWaitNanos time until an unacknowledged delivery comes again
 * @param maxDeliver deliveries of one message, -1 for unlimited
 * @param deliveries made so far, redeliveries included
 * @param delivered highest new message delivered
 * @param lastDeliveryNanos when the last was
 * @param floor message up to which everything is acknowledged
 * @param pending messages that match and were never delivered
 * @param inProcess deliveries that wait for an acknowledgement
 * @param redelivered messages with more than one delivery that are still tracked
 * @param givenUp messages that were given up, ever: out of deliveries, or terminated
 * @param asked whether somebody asks for messages, or listens where they are pushed to
 * @param lastSequence of the partition
 * @param oldestNanos age of the oldest message that it has not acknowledged, 0 for none and where nobody wanted to know
 */
public record ConsumerFigures(String name, boolean durable, long ackWaitNanos, long maxDeliver, long deliveries, long delivered,
                              long lastDeliveryNanos, long floor, long pending, long inProcess, long redelivered, long givenUp,
                              boolean asked, long lastSequence, long oldestNanos) {

    /** What a consumer tells of itself. */
    public static ConsumerFigures of(ConsumerInfo info, long lastSequence, long oldestNanos) {
        ConsumerConfig config = info.config();
        return new ConsumerFigures(config.name(), config.durable(), config.ackWaitNanos(), config.maxDeliver(),
            info.deliveredConsumerSeq(), info.deliveredStreamSeq(), info.deliveredLastActiveNanos(), info.ackFloorStreamSeq(),
            info.numPending(), info.numAckPending(), info.numRedelivered(), info.givenUp(),
            info.numWaiting() > 0 || info.pushBound(),
            lastSequence, oldestNanos);
    }

    /** Messages that match and are not acknowledged: never delivered, or delivered and waiting for it. */
    public long lag() {
        return pending + inProcess;
    }

    void write(ErrandWriter out) {
        out.text(name).flag(durable).i64(ackWaitNanos).i64(maxDeliver).i64(deliveries).i64(delivered).i64(lastDeliveryNanos)
            .i64(floor)
            .i64(pending).i64(inProcess).i64(redelivered).i64(givenUp).flag(asked).i64(lastSequence).i64(oldestNanos);
    }

    static ConsumerFigures read(ErrandReader in) {
        return new ConsumerFigures(in.text(), in.flag(), in.i64(), in.i64(), in.i64(), in.i64(), in.i64(), in.i64(), in.i64(),
            in.i64(),
            in.i64(), in.i64(), in.flag(), in.i64(), in.i64());
    }
}

package org.memphisee.core.time;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long the steps of a message take (monitoring.md 6.2), and how many of them there were, recorded by the shards.
 *
 * @param produceAwaited from the shard's taking a message to its being stored, of messages whose publisher waits for
 *     a PubAck
 * @param produceUnawaited the same of those whose publisher does not
 * @param fetch from a pull request to its first message
 * @param deliveries of stored messages to consumers, each time one was delivered
 */
public record Timings(LatencyHistogram produceAwaited, LatencyHistogram produceUnawaited, LatencyHistogram fetch,
                      LongAdder deliveries) {

    /** Nothing recorded yet. */
    public Timings() {
        this(new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram(), new LongAdder());
    }

    /** Messages stored since the start. */
    public long stored() {
        return produceAwaited.count() + produceUnawaited.count();
    }
}

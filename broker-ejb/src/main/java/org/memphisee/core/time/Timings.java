package org.memphisee.core.time;

/**
 * How long the steps of a message take (monitoring.md 6.2), recorded by the shards.
 *
 * @param produceAwaited from the shard's taking a message to its being stored, of messages whose publisher waits for
 *     a PubAck
 * @param produceUnawaited the same of those whose publisher does not
 * @param fetch from a pull request to its first message
 */
public record Timings(LatencyHistogram produceAwaited, LatencyHistogram produceUnawaited, LatencyHistogram fetch) {

    /** Nothing recorded yet. */
    public Timings() {
        this(new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
    }
}

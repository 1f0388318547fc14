package org.memphisee.core.routing;

/**
 * Limits and times of the routes between nodes. Times in nanoseconds, sizes in bytes.
 *
 * @param holdNanos so long what needs a leader waits for one
 * @param holdAloneNanos the same for a partition that only one node has
 * @param gatherNanos so long news of subscriptions are gathered
 * @param untoldNanos so long a request that nobody hears waits for nodes that have not said who listens there
 * @param interestBytes what the subscriptions of one peer may take in memory
 * @param unansweredBytes messages on their way to one peer's partitions, above which clients are not read
 * @param waitingBytes plain messages that wait for one peer, above which they are lost to it
 * @param errandBytes what answers to errands of one peer may take in memory, above which it is told to ask again
 * @param heldAcknowledgementBytes what acknowledgements may take in memory that wait for somebody to lead
 */
public record RoutesSettings(long holdNanos, long holdAloneNanos, long gatherNanos, long untoldNanos, long interestBytes,
                             long unansweredBytes, long waitingBytes, long errandBytes, long heldAcknowledgementBytes) {

    private static final long MILLIS = 1_000_000;

    /** What holds unless somebody says otherwise. */
    public static final RoutesSettings DEFAULT = new RoutesSettings(4_000 * MILLIS, 1_000 * MILLIS, 2 * MILLIS, 1_000 * MILLIS,
        64L << 20, 8L << 20, 4L << 20, 8L << 20, 8L << 20);

    /** The same with another limit of what acknowledgements may take. */
    RoutesSettings withHeldAcknowledgementBytes(long bytes) {
        return new RoutesSettings(holdNanos, holdAloneNanos, gatherNanos, untoldNanos, interestBytes, unansweredBytes,
            waitingBytes, errandBytes, bytes);
    }
}

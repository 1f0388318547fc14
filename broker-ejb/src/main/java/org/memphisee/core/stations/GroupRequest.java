package org.memphisee.core.stations;

/**
 * What is asked of a consumer group, checked and completed (wire-protocol.md 3.6).
 *
 * @param name external name
 * @param maxAckTimeMillis time to acknowledge, milliseconds
 * @param maxDeliveries deliveries of one message
 * @param startFromSequence first sequence on each partition, 1 for the beginning
 * @param lastMessages newest so many on each partition, -1 for not given
 */
public record GroupRequest(String name, long maxAckTimeMillis, int maxDeliveries, long startFromSequence,
                           long lastMessages) {

    private static final long DEFAULT_ACK_MILLIS = 30_000;
    /** As many milliseconds as nanoseconds can express. */
    private static final long MAX_ACK_MILLIS = Long.MAX_VALUE / 1_000_000L;
    private static final int MAX_DELIVERIES = 10;

    /**
     * Checks and completes what somebody asked for; a {@link RequestRefusal} has the text for them.
     *
     * @param ackMillis time to acknowledge, 0 or less for the default
     * @param deliveries of one message, 0 or less for the default
     */
    public static GroupRequest of(String group, long ackMillis, long deliveries, long start, long last) {
        if (start <= 0) {
            throw new RequestRefusal("startConsumeFromSequence has to be a positive number");
        }
        if (last < -1) {
            throw new RequestRefusal("min value for LastMessages is -1");
        }
        if (start > 1 && last > -1) {
            throw new RequestRefusal(
                "consumer creation options can't contain both startConsumeFromSequence and lastMessages");
        }
        return new GroupRequest(group, ackMillis <= 0 ? DEFAULT_ACK_MILLIS : Math.min(ackMillis, MAX_ACK_MILLIS),
            deliveries <= 0 || deliveries > MAX_DELIVERIES ? MAX_DELIVERIES : (int) deliveries, start, last);
    }
}

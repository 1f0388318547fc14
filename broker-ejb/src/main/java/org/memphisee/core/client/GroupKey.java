package org.memphisee.core.client;

/**
 * A consumer of a group as a local client wants it.
 *
 * @param station external name in any case
 * @param consumer consumer's name in any case
 * @param group group's name in any case
 * @param maxAckMillis time to acknowledge, milliseconds
 * @param maxDeliveries deliveries of one message, 1 to 10
 */
public record GroupKey(String station, String consumer, String group, long maxAckMillis, int maxDeliveries) { }

package org.memphisee.core.stations;

/**
 * A producer or consumer that an SDK registered.
 *
 * @param member the registration
 * @param active whether its connection is there
 * @param address where its connection is from, or was the last time; empty when that is not known
 * @param createdNanos when it registered, nanoseconds since the epoch; 0 when that is not known
 * @param maxAckTimeMillis time that its group has to acknowledge, milliseconds; 0 for producers
 * @param maxDeliveries deliveries of one message to its group; 0 for producers
 */
public record RegisteredClient(Members.Member member, boolean active, String address, long createdNanos, long maxAckTimeMillis,
                               int maxDeliveries) { }

package org.memphisee.core.stations;

/**
 * A producer or consumer that an SDK registered.
 *
 * @param member the registration
 * @param active whether its connection is there
 * @param maxAckTimeMillis time that its group has to acknowledge, milliseconds; 0 for producers
 * @param maxDeliveries deliveries of one message to its group; 0 for producers
 */
public record RegisteredClient(Members.Member member, boolean active, long maxAckTimeMillis, int maxDeliveries) { }

package org.memphisee.core.api;

/**
 * One subscription of a client as monitors show it (monitoring.md 1.6).
 *
 * @param clientId number of the connection
 * @param subject subject or pattern
 * @param queue queue group, empty for none
 * @param sid the client's name for it
 * @param delivered messages it got
 * @param max messages after which it ends, 0 for no limit
 */
public record SubscriptionFigures(long clientId, String subject, String queue, String sid, long delivered, long max) { }

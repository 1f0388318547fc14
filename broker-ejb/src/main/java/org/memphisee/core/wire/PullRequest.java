package org.memphisee.core.wire;

/**
 * A parsed MSG.NEXT (jetstream-api.md 6.9).
 *
 * @param inbox where the messages go
 * @param batch maximum number of messages, at least 1
 * @param expiresNanos time until 408, 0 for as long as there is interest
 * @param noWait do not wait for future messages
 * @param maxBytes stop before exceeding, 0 for no limit
 * @param idleHeartbeatNanos 0 for none
 */
public record PullRequest(String inbox, int batch, long expiresNanos, boolean noWait, long maxBytes,
                          long idleHeartbeatNanos) { }

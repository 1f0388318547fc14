package org.memphisee.core.log;

/**
 * A deduplication id inside one batch.
 *
 * @param id value of {@code Nats-Msg-Id} or {@code msg-id}
 * @param sequence the message that carried it
 * @param timestampNanos its store time, nanoseconds since the epoch
 */
public record MessageId(String id, long sequence, long timestampNanos) { }

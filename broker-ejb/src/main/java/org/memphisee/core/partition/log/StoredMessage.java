package org.memphisee.core.partition.log;

/**
 * A message read from a partition.
 *
 * @param subject stored subject
 * @param sequence its sequence
 * @param timestampNanos store time, nanoseconds since the epoch
 * @param header header block, empty for none
 * @param payload payload
 */
public record StoredMessage(String subject, long sequence, long timestampNanos, byte[] header, byte[] payload) { }

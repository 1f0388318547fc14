package org.memphisee.core.tier;

/**
 * A message as it goes to the second tier and comes back.
 *
 * @param subject stored subject
 * @param sequence its sequence in the partition
 * @param timestampNanos store time, nanoseconds since the epoch
 * @param header header block as it was published, empty for none
 * @param payload payload
 */
public record TieredMessage(String subject, long sequence, long timestampNanos, byte[] header, byte[] payload) { }

package org.memphisee.core.stations;

/**
 * A stored message as people look at it.
 *
 * @param partition number of its partition, 0 in streams of plain clients
 * @param sequence its sequence
 * @param timestampNanos store time, nanoseconds since the epoch
 * @param header header block, empty for none
 * @param payload payload
 */
public record StationMessage(int partition, long sequence, long timestampNanos, byte[] header, byte[] payload) { }

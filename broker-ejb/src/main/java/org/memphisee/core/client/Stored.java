package org.memphisee.core.client;

/**
 * A message that is durable.
 *
 * @param partition number of the partition it is in, from 1; 0 in a station without partitions
 * @param sequence its sequence there; 0 when the stream acknowledges nothing
 * @param duplicate whether it was there before and was not stored again
 */
public record Stored(int partition, long sequence, boolean duplicate) { }

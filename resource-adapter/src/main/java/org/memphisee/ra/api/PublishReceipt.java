package org.memphisee.ra.api;

/**
 * Where a published message is.
 *
 * @param station the station
 * @param partition its partition, from 1; 0 for a stream of plain clients, which has none
 * @param sequence its sequence in the partition, from 1
 * @param duplicate whether a message with the same id was there already: this is the first one's sequence
 */
public record PublishReceipt(String station, int partition, long sequence, boolean duplicate) { }

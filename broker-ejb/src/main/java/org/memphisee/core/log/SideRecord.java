package org.memphisee.core.log;

/**
 * One stored record of a side log.
 *
 * @param number its number in the log, which only grows
 * @param atNanos when it was written, nanoseconds since the epoch; 0 when it is damaged
 * @param bytes what was written, empty when it is damaged
 * @param problem why it does not read, empty when it does
 */
public record SideRecord(long number, long atNanos, byte[] bytes, String problem) { }

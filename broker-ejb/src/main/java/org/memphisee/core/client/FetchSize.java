package org.memphisee.core.client;

/**
 * How much a fetch may bring.
 *
 * @param messages at most so many messages, at least 1
 * @param waitMillis how long to wait for all of them, milliseconds
 * @param bytes at most about so many bytes; at least one largest message
 */
public record FetchSize(int messages, long waitMillis, long bytes) { }

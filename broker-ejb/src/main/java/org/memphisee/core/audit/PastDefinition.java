package org.memphisee.core.audit;

/**
 * What a definition was at some time.
 *
 * @param known whether that can be told; not when the log does not go back so far
 * @param definition a JSON object, empty when there was no such thing
 * @param oldestNanos how far the log goes back, nanoseconds since the epoch, 0 when it is empty
 */
public record PastDefinition(boolean known, String definition, long oldestNanos) { }

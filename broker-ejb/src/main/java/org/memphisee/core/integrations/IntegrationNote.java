package org.memphisee.core.integrations;

/**
 * Something that happened to an integration. Immutable.
 *
 * @param text for people
 * @param atNanos when, nanoseconds since the epoch
 */
public record IntegrationNote(String text, long atNanos) { }

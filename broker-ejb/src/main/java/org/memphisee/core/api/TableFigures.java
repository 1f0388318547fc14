package org.memphisee.core.api;

/**
 * Work of the table of subscriptions since the start.
 *
 * @param inserts patterns bound, by clients, stations and the broker itself
 * @param removes patterns taken back
 * @param walks look-ups that no thread's own cache could answer
 */
public record TableFigures(long inserts, long removes, long walks) { }

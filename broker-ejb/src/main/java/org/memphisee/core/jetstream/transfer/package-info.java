/**
 * Streams on their way out of the broker and into it, as archives in chunks (jetstream-new.md 6): who waits for whom, budgets
 * and time limits. What entries mean is said by {@code core.jetstream}, which begins transfers. All of them are worked on by
 * one worker of the world, a piece at a time, so that neither shards nor I/O threads compress or wait; acknowledgements and
 * chunks come from any thread.
 */
package org.memphisee.core.jetstream.transfer;

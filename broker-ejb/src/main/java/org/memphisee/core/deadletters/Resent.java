package org.memphisee.core.deadletters;

/**
 * A message that a group gave up and a member of it gets again.
 *
 * @param id number of its dead letter
 * @param subject subject it was published to
 * @param headers its header block, with those that say that it comes again
 * @param payload its payload
 */
public record Resent(long id, String subject, byte[] headers, byte[] payload) { }

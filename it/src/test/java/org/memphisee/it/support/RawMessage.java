package org.memphisee.it.support;

/**
 * One delivered message as it stood on the wire.
 *
 * @param operation {@code MSG} or {@code HMSG}
 * @param headers   the whole header block, empty with {@code MSG}
 */
public record RawMessage(String operation, String subject, String sid, String reply, String headers, String payload) {
}

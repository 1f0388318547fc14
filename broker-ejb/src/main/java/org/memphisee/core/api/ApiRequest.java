package org.memphisee.core.api;

/**
 * A request to a subject that the broker itself serves.
 *
 * @param client who asks
 * @param subject full subject
 * @param payload payload, never null
 * @param reply where the answer goes
 */
public record ApiRequest(ClientIdentity client, String subject, byte[] payload, Reply reply) { }

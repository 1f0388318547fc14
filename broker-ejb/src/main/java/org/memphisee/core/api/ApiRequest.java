package org.memphisee.core.api;

/**
 * A request to a subject that the broker itself serves.
 *
 * @param client who asks
 * @param subject full subject
 * @param header header block, empty when there is none
 * @param payload payload, never null
 * @param reply where the answer goes
 */
public record ApiRequest(ClientIdentity client, String subject, byte[] header, byte[] payload, Reply reply) {

    private static final byte[] NONE = {};

    /** One without headers. */
    public ApiRequest(ClientIdentity client, String subject, byte[] payload, Reply reply) {
        this(client, subject, NONE, payload, reply);
    }

    /** Whether it asks for nothing newer than what this server speaks. */
    public boolean levelMet() {
        return RequiredLevel.met(header, 0, header.length);
    }
}

package org.memphisee.core.client;

/**
 * A message that was delivered to a group's local consumer.
 *
 * @param subject subject it was published to
 * @param headers its header block, empty for none; see {@link LocalHeaders#read}
 * @param payload its payload
 * @param ackSubject names the delivery; for {@link LocalGroup#settle}
 */
public record LocalDelivery(String subject, byte[] headers, byte[] payload, String ackSubject) {

    /** Bytes that it takes in memory, about. */
    long bytes() {
        return headers.length + payload.length + ackSubject.length() + 128L;
    }
}

package org.memphisee.core.client;

import java.util.Objects;

/**
 * A message to publish. The arrays are not copied and must not be changed any more.
 *
 * @param headers header block with its final blank line, empty for none; see {@link LocalHeaders}
 * @param payload payload
 */
public record LocalMessage(byte[] headers, byte[] payload) {
    public LocalMessage {
        Objects.requireNonNull(headers, "headers are required");
        Objects.requireNonNull(payload, "payload is required");
    }

    /** Bytes that count against the largest message. */
    public int size() {
        return headers.length + payload.length;
    }
}

package org.memphisee.cli.migrate;

/**
 * A message as a stream has it.
 *
 * @param sequence its number in the stream
 * @param timeNanos when it was stored, nanoseconds since 1970
 * @param subject its subject, UTF-8
 * @param headerLength bytes of the header block, 0 for none
 * @param body header block and payload
 */
public record StoredMessage(long sequence, long timeNanos, byte[] subject, int headerLength, byte[] body) {

    /** Bytes of subject, headers and payload. */
    int size() {
        return subject.length + body.length;
    }
}

package org.memphisee.port;

/**
 * One PUB or HPUB. All parts are slices of one array that nobody changes any more: the broker may keep it.
 * The header block (if any) is directly followed by the payload.
 *
 * @param bytes the array
 * @param subjectOffset where the subject begins
 * @param subjectLength bytes of the subject
 * @param replyOffset where the reply subject begins
 * @param replyLength bytes of the reply subject, 0 for none
 * @param bodyOffset where the header block, or without one the payload, begins
 * @param headerLength bytes of the header block with its final blank line, 0 for none
 * @param payloadLength bytes of the payload
 */
public record PublishRequest(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength,
                             int bodyOffset, int headerLength, int payloadLength) {

    /** Header block and payload together, in bytes; never above the announced maximum payload. */
    public int bodyLength() {
        return headerLength + payloadLength;
    }
}

package org.memphisee.client;

/** Takes the messages of one subscription. Link's thread; must not block. */
public interface SubscriptionHandler {

    /**
     * One message; the array is valid during the call only.
     *
     * @param bytes array that holds all parts
     * @param subjectOffset first byte of the subject
     * @param subjectLength its length in bytes
     * @param replyOffset first byte of the reply subject
     * @param replyLength its length in bytes, 0 for none
     * @param bodyOffset first byte of the header block, or without one of the payload
     * @param headerLength bytes of the header block, 0 for none
     * @param payloadLength bytes of the payload
     */
    void message(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength, int bodyOffset,
                 int headerLength, int payloadLength);

    /** Everything that had arrived was handed over. */
    void readComplete();
}

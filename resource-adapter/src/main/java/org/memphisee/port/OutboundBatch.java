package org.memphisee.port;

/**
 * Frames gathered by one thread for one client, handed over as a whole: one hand-off and in the best case one socket
 * write for all that a turn of the broker caused. Arguments are copied; arrays may be reused after each call.
 */
public interface OutboundBatch {

    /**
     * Appends one MSG or HMSG. A client that did not announce header support gets the payload only.
     *
     * @param sid the client's name for the subscription
     * @param subject array that holds the subject to show
     * @param subjectOffset its first byte
     * @param subjectLength its length in bytes
     * @param reply array that holds the reply subject
     * @param replyOffset its first byte
     * @param replyLength its length in bytes, 0 for none
     * @param body array that holds header block and payload, one after the other
     * @param bodyOffset first byte of the header block
     * @param headerLength bytes of the header block, 0 for none
     * @param payloadLength bytes of the payload
     */
    void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply, int replyOffset,
                 int replyLength, byte[] body, int bodyOffset, int headerLength, int payloadLength);

    /** Bytes gathered since the last {@link #send()}. */
    int size();

    /** Hands the gathered frames to the connection, after everything handed over before; leaves the batch empty. */
    void send();
}

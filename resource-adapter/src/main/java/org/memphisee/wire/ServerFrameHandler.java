package org.memphisee.wire;

/** Takes what {@link ServerFrameParser} found in the bytes of a server, in the order it was sent. Link's thread. */
public interface ServerFrameHandler {

    /**
     * INFO.
     *
     * @param json the line's JSON, a slice of the array
     */
    void info(byte[] bytes, int offset, int length);

    /**
     * MSG or HMSG. The array is valid during the call only.
     *
     * @param bytes array that holds all parts
     * @param subjectOffset first byte of the subject
     * @param subjectLength its length in bytes
     * @param sid the subscription, -1 if it is none of ours
     * @param replyOffset first byte of the reply subject
     * @param replyLength its length in bytes, 0 for none
     * @param bodyOffset first byte of the header block, or without one of the payload
     * @param headerLength bytes of the header block, 0 for none
     * @param payloadLength bytes of the payload
     */
    void message(byte[] bytes, int subjectOffset, int subjectLength, long sid, int replyOffset, int replyLength,
                 int bodyOffset, int headerLength, int payloadLength);

    /** The server wants a PONG. */
    void ping();

    /** The server has handled everything sent before a PING. */
    void pong();

    /** {@code -ERR}, without quotes. */
    void error(String text);

    /** This is not the protocol: nothing further is parsed. */
    void garbage(String what);
}

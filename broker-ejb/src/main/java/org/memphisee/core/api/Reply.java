package org.memphisee.core.api;

/** Where the answer to a request goes; usable once, from any thread. */
public interface Reply {

    /** Whether the requester gave a reply subject. Without one, answers are dropped silently. */
    boolean wanted();

    /** Answers with a payload and no headers. */
    void send(byte[] payload);

    /** Answers with a header block (complete, with final blank line) and a payload. */
    void send(byte[] headerBlock, byte[] payload);

    /** Answers as if nobody served the subject: status 503 for a requester that understands it, silence for others. */
    void nobody();

    /**
     * In place of an answer: this node does not decide about the stream, or not any more. The request is then brought to the one that
     * does, for some seconds.
     *
     * @return false when nobody brings it anywhere, and an answer is still wanted
     */
    default boolean elsewhere() {
        return false;
    }
}

package org.memphisee.core.consumer;

/**
 * Where a pull request or a push consumer wants its messages: a subject and whoever listens on it. Used on the shard's
 * thread; frames leave at the end of the shard's turn.
 */
public interface Inbox {

    /** Whether somebody listens now. A message must not be sent when not: it would be lost until ack wait. */
    boolean hasInterest();

    /** Whether the listener is behind with reading, so that delivery should pause a moment and be tried again. */
    boolean congested();

    /**
     * Sends a stored message: shown with its stored subject, on the subscription that matches this inbox.
     *
     * @param message what to send
     * @param headersOnly leave the payload out and add {@code Nats-Msg-Size}
     * @param reply array with the ack subject
     * @param replyLength its length in bytes from offset 0
     * @return bytes of subject, reply, headers and payload
     */
    int deliver(MessageView message, boolean headersOnly, byte[] reply, int replyLength);

    /**
     * Sends a status message (headers, no payload) on the inbox subject itself.
     *
     * @param headerBlock complete block, {@code NATS/1.0 408 …} with its final blank line
     * @param reply reply subject, empty for none
     */
    void status(byte[] headerBlock, String reply);
}

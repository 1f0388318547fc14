package org.memphisee.wire;

import org.memphisee.port.PublishRequest;

/** Takes what {@link FrameParser} found, in the order it was sent. */
interface FrameHandler {

    /** Whether the next operation may be parsed now. */
    boolean ready();

    /**
     * An operation was recognised (or not: then it is garbage).
     *
     * @param isConnect whether it is CONNECT
     * @return false if it must not be looked at; the handler has closed the connection
     */
    boolean admits(boolean isConnect);

    /** Whether the client announced headers. */
    boolean headersSupported();

    /** Largest header block and payload together, in bytes. */
    int maxPayload();

    void connect(byte[] bytes, int offset, int length);

    /** False when the message cannot be taken now: it is handed on again by the next {@link FrameParser#parse()}. */
    boolean publish(PublishRequest request);

    void subscribe(byte[] subject, byte[] queue, byte[] sid);

    void unsubscribe(byte[] sid, long maxDeliveries);

    void ping();

    void pong();

    /** The client broke the protocol; {@link WireError#SILENT} or the text to send before closing. */
    void violation(String error);
}

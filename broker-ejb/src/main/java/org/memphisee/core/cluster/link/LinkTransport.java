package org.memphisee.core.cluster.link;

/**
 * What carries frames to peers. Whoever implements it calls {@link NodeLinks} with what arrives, and with {@link
 * NodeLinks#tick} as time passes. Frames may get lost, and come late or twice from connections that were there before; what a
 * connection carries comes in order.
 */
public interface LinkTransport {

    /**
     * Hands a frame over to the connection to a peer, at once; it is lost when there is none. Called with the lock of a link, so
     * it waits for nothing and calls nobody back.
     *
     * @param frame is not changed any more
     */
    void send(String peer, byte[] frame);

    /**
     * Ends the connection to a peer, if there is one, and does not wait for that. Called from {@link NodeLinks#tick}, with the lock
     * of a link.
     */
    void close(String peer);
}

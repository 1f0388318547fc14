package org.memphisee.net;

import org.memphisee.port.SessionInfo;

/** What the transport has seen since it started. Any thread; values of one moment need not fit each other exactly. */
public interface NetStatistics {

    /** Connections that are open now. */
    int connections();

    /** Connections accepted so far, refused ones not counted. */
    long totalConnections();

    /** Connections refused because there were too many. */
    long refusedConnections();

    /** Messages received. */
    long inMessages();

    /** Header blocks and payloads received, in bytes. */
    long inBytes();

    /** Messages queued to clients. */
    long outMessages();

    /** Header blocks and payloads queued to clients, in bytes. */
    long outBytes();

    /** Messages that came and went by one way. */
    Traffic traffic(SessionInfo.Transport transport);

    /**
     * Messages and the bytes of their header blocks and payloads.
     *
     * @param inMessages received
     * @param inBytes received
     * @param outMessages queued to clients
     * @param outBytes queued to clients
     * @param heldBack how often a message had to wait because its receiver read too slowly
     */
    record Traffic(long inMessages, long inBytes, long outMessages, long outBytes, long heldBack) {

        /** Nothing yet. */
        public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0);
    }

    /** Clients closed because too many bytes waited or nothing moved within the write deadline. */
    long slowConsumers();

    /** Clients closed because they did not send CONNECT in time. */
    long authenticationTimeouts();
}

package org.memphisee.port;

/**
 * A connection as the transport sees it.
 *
 * @param clientId number of the connection, unique while the server runs (INFO {@code client_id})
 * @param remoteHost address of the peer
 * @param remotePort port of the peer
 * @param transport how the client reached us
 * @param tls whether the bytes are encrypted
 */
public record SessionInfo(long clientId, String remoteHost, int remotePort, Transport transport, boolean tls) {

    /** The ways into the broker. */
    public enum Transport { TCP, WEBSOCKET, IN_PROCESS }
}

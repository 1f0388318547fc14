package org.memphisee.port;

import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * A connection as the transport sees it.
 *
 * @param clientId number of the connection, unique while the server runs (INFO {@code client_id})
 * @param remoteHost address of the peer
 * @param remotePort port of the peer
 * @param transport how the client reached us
 * @param encryption whether the bytes are encrypted by now; any thread
 */
public record SessionInfo(long clientId, String remoteHost, int remotePort, Transport transport,
                          BooleanSupplier encryption) {

    /** The ways into the broker. */
    public enum Transport { TCP, WEBSOCKET, IN_PROCESS }

    public SessionInfo {
        Objects.requireNonNull(remoteHost, "remoteHost is required");
        Objects.requireNonNull(transport, "transport is required");
        Objects.requireNonNull(encryption, "encryption is required");
    }

    /** A connection that is never encrypted. */
    public static SessionInfo plain(long clientId, String remoteHost, int remotePort, Transport transport) {
        return new SessionInfo(clientId, remoteHost, remotePort, transport, () -> false);
    }

    /** Host and port of the peer in one, as people write them; empty when it has none. */
    public String address() {
        return remoteHost.isEmpty() ? "" : (remoteHost.indexOf(':') < 0 ? remoteHost : "[" + remoteHost + "]") + ":" + remotePort;
    }

    /**
     * Whether the bytes are encrypted. A client may begin TLS after the session is open, but not after CONNECT: from
     * then on the answer does not change.
     */
    public boolean tls() {
        return encryption.getAsBoolean();
    }
}

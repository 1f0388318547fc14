package org.memphisee.port;

import java.util.Objects;

/**
 * The server's part of INFO (wire-protocol.md 1.3).
 *
 * @param serverId unique identity of this node
 * @param serverName name shown to clients, e.g. {@code memphis-0}
 * @param version protocol level announced to clients; they switch features by it
 * @param maxPayload largest message accepted, headers included, in bytes
 * @param authRequired whether CONNECT must carry credentials
 */
public record ServerIdentity(String serverId, String serverName, String version, int maxPayload, boolean authRequired) {
    public ServerIdentity {
        Objects.requireNonNull(serverId, "serverId is required");
        Objects.requireNonNull(serverName, "serverName is required");
        Objects.requireNonNull(version, "version is required");
    }
}

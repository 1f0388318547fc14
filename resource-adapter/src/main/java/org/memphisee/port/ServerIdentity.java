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
 * @param cluster the nodes among which this is one
 */
public record ServerIdentity(String serverId, String serverName, String version, int maxPayload, boolean authRequired,
                             ClusterMembers cluster) {

    /** Of a server alone. */
    public ServerIdentity(String serverId, String serverName, String version, int maxPayload, boolean authRequired) {
        this(serverId, serverName, version, maxPayload, authRequired, ClusterMembers.NONE);
    }

    public ServerIdentity {
        Objects.requireNonNull(cluster, "cluster is required");
        Objects.requireNonNull(serverId, "serverId is required");
        Objects.requireNonNull(serverName, "serverName is required");
        Objects.requireNonNull(version, "version is required");
    }
}

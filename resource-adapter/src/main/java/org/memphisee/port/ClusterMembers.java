package org.memphisee.port;

import java.util.List;

/**
 * What INFO tells a client about the cluster (wire-protocol.md 1.3). Replaced as a whole when it changes.
 *
 * @param name of the cluster, empty for a server alone
 * @param connectUrls {@code host:port} of all nodes that clients may connect to, this one included
 * @param webSocketUrls the same for WebSocket
 */
public record ClusterMembers(String name, List<String> connectUrls, List<String> webSocketUrls) {

    /** Of a server alone. */
    public static final ClusterMembers NONE = new ClusterMembers("", List.of(), List.of());

    public ClusterMembers {
        connectUrls = List.copyOf(connectUrls);
        webSocketUrls = List.copyOf(webSocketUrls);
    }
}

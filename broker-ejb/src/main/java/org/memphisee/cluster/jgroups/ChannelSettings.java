package org.memphisee.cluster.jgroups;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/**
 * Where nodes are, and how they speak.
 *
 * @param listen address and port to listen on; not a wildcard unless {@code advertised} is given
 * @param advertised under which others find this node, null for the same
 * @param peers addresses of all other nodes, not resolved: names are looked up each time
 * @param secret of the cluster, empty for none
 * @param tls with this node's certificate, and trust in those of the others only; empty for plain connections. Asked for each
 *     connection
 */
public record ChannelSettings(InetSocketAddress listen, InetSocketAddress advertised, Map<String, InetSocketAddress> peers,
                              byte[] secret, Optional<Supplier<SSLContext>> tls) {

    public ChannelSettings {
        peers = Map.copyOf(peers);
        secret = secret.clone();
        if (listen.isUnresolved() || listen.getAddress().isAnyLocalAddress() && advertised == null) {
            throw new IllegalArgumentException("no address that others could use: " + listen);
        }
    }
}

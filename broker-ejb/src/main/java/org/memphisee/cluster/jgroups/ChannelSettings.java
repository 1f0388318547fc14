package org.memphisee.cluster.jgroups;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
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
 * @param names looks up names of peers
 */
public record ChannelSettings(InetSocketAddress listen, InetSocketAddress advertised, Map<String, InetSocketAddress> peers,
                              byte[] secret, Optional<Supplier<SSLContext>> tls, NameLookup names) {

    public ChannelSettings {
        peers = Map.copyOf(peers);
        secret = secret.clone();
        if (listen.isUnresolved() || listen.getAddress().isAnyLocalAddress() && advertised == null) {
            throw new IllegalArgumentException("no address that others could use: " + listen);
        }
    }

    /** With names as the system knows them. */
    public ChannelSettings(InetSocketAddress listen, InetSocketAddress advertised, Map<String, InetSocketAddress> peers,
                           byte[] secret, Optional<Supplier<SSLContext>> tls) {
        this(listen, advertised, peers, secret, tls, NameLookup.SYSTEM);
    }

    /** Where a peer is now; unresolved when that is not known. May wait. */
    InetSocketAddress now(InetSocketAddress peer) {
        try {
            return new InetSocketAddress(names.find(peer.getHostString()), peer.getPort());
        } catch (UnknownHostException e) {
            return InetSocketAddress.createUnresolved(peer.getHostString(), peer.getPort());
        }
    }
}

package org.memphisee.cluster.jgroups;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

import org.jgroups.Address;
import org.jgroups.stack.IpAddress;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.LinkTransport;
import org.memphisee.core.cluster.link.NodeLinks;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.PeerListener;
import org.memphisee.core.time.BrokerClock;

/**
 * The links of this node over TCP. Any thread.
 *
 * <p>Frames are handed to a connection that is there; connecting, which may take long, is the business of one thread for each peer.
 * Of two nodes the one whose name comes first connects; the other one does so only after a while, should it get no visit.
 */
public final class ChannelLinks implements AutoCloseable {

    private final ClusterServer server;
    private final NodeLinks links;
    private final List<PeerTicker> tickers = new ArrayList<>();
    private final Map<String, Address> addresses = new ConcurrentHashMap<>();
    /** Connections from which something came that only a node with the secret can have sent. */
    private final Set<Address> trusted = ConcurrentHashMap.newKeySet();
    private final Set<String> toClose = ConcurrentHashMap.newKeySet();
    private final LinkSettings linkSettings;
    private final LinkLog log;

    private ChannelLinks(PeerIdentity self, ChannelSettings settings, LinkSettings linkSettings, BrokerClock clock,
                         ThreadFactory threads, PeerListener listener) throws Exception {
        this.linkSettings = linkSettings;
        log = new LinkLog(listener, self.cluster(), clock);
        SecureRandom random = new SecureRandom();
        links = new NodeLinks(self, settings.peers().keySet(), linkSettings, settings.secret(), () -> {
            byte[] nonce = new byte[NodeLinks.NONCE];
            random.nextBytes(nonce);
            return nonce;
        }, clock, new Transport(), log, log);
        server = new ClusterServer(settings, new ClusterThreads(threads), new Frames(), this::ended, log);
        settings.peers().forEach((peer, address) -> tickers.add(new PeerTicker(self.node(), peer, () -> settings.now(address), this, clock)));
    }

    /**
     * Listens, and links to whoever is there.
     *
     * @param self what this node says of itself
     * @param threads makes threads that may wait
     * @throws IOException when the port cannot be opened
     */
    public static ChannelLinks start(PeerIdentity self, ChannelSettings settings, LinkSettings linkSettings, BrokerClock clock,
                                     ThreadFactory threads, PeerListener listener) throws IOException {
        try {
            ChannelLinks started = new ChannelLinks(self, settings, linkSettings, clock, threads, listener);
            started.log.starts(settings);
            started.server.start();
            started.tickers.forEach(ticker -> ticker.start(threads));
            return started;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** The links. */
    public PeerLinks links() {
        return links;
    }

    /** Port on which this node listens. */
    public int port() {
        return ((IpAddress) server.localAddress()).getPort();
    }

    /** Ends all links and connections; returns when all threads have been told. */
    @Override
    public void close() {
        tickers.forEach(PeerTicker::end);
        links.stop();
        server.stop();
    }

    NodeLinks node() {
        return links;
    }

    boolean connected(String peer) {
        Address address = addresses.get(peer);
        return address != null && server.connectionEstablishedTo(address);
    }

    /** Closes the connection to a peer if the link wants that. Without locks, after each tick. */
    void hangUp(String peer) {
        Address address = addresses.get(peer);
        if (toClose.remove(peer) && address != null) {
            server.hangUp(address);
        }
    }

    /** Connects to a peer at an address at which something listens. */
    void dial(String peer, InetSocketAddress address) {
        addresses.put(peer, new IpAddress(address));
        try {
            server.dial(address);
        } catch (Exception e) {
            log.notConnected(peer, e);
        }
    }

    private void ended(Address address) {
        trusted.remove(address);
        addresses.forEach((peer, of) -> {
            if (of.equals(address)) {
                links.closed(peer);
            }
        });
        tickers.forEach(PeerTicker::wake);
    }

    private final class Transport implements LinkTransport {

        @Override
        public void send(String peer, byte[] frame) {
            Address address = addresses.get(peer);
            if (address != null) {
                server.hand(address, frame);
            }
        }

        /** Called with the lock of a link; closing needs that of the server, whose holders call links. */
        @Override
        public void close(String peer) {
            toClose.add(peer);
        }
    }

    private final class Frames implements ClusterServer.Frames {

        @Override
        public int longest(Address from) {
            return trusted.contains(from) ? linkSettings.maxFrame() + NodeLinks.OVERHEAD : NodeLinks.LONGEST_HELLO;
        }

        @Override
        public void received(Address from, byte[] frame) throws IOException {
            String claimed = NodeLinks.claimedBy(frame);
            boolean known = claimed != null && links.peers().contains(claimed);
            if (known) {
                addresses.putIfAbsent(claimed, from); // so that the answer goes somewhere
            }
            switch (links.received(frame, answer -> server.hand(from, answer))) {
                case TAKEN -> {
                    trusted.add(from);
                    if (known && !links.linked(claimed)) {
                        addresses.put(claimed, from); // it has proven that it comes from there
                    }
                }
                case STRAY -> { }
                case GARBAGE -> {
                    log.noNode(((IpAddress) from).getIpAddress(), "what is no frame");
                    throw new IOException("no frame");
                }
            }
        }
    }
}

package org.memphisee.cluster.jgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.memphisee.core.cluster.link.LinkCluster;
import org.memphisee.core.cluster.link.LinkProbe;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.PeerListener;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.support.Await;

/** Three nodes in one JVM on loopback, with a proxy on each way. */
public final class ChannelCluster implements LinkCluster {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final AtomicLong INCARNATIONS = new AtomicLong(System.nanoTime());

    /** A machine that builds other things too may hold up a thread for a second. */
    private static final LinkSettings PATIENT = new LinkSettings(LinkSettings.DEFAULT.beatNanos(), 3_000_000_000L,
        LinkSettings.DEFAULT.retryNanos(), LinkSettings.DEFAULT.maxFrame(), LinkSettings.DEFAULT.pipe(), LinkSettings.DEFAULT.budgets());

    private final Function<String, PeerListener> listeners;
    private final Map<String, LinkProxy> proxies = new HashMap<>();
    private final Map<String, ChannelLinks> nodes = new ConcurrentHashMap<>();
    private final Map<String, LinkProbe> probes = new ConcurrentHashMap<>();
    private final Set<String> frozen = ConcurrentHashMap.newKeySet();

    ChannelCluster() throws IOException {
        this(null);
        NAMES.forEach(this::start);
    }

    /** Links that tell nodes something of their own; nobody is started. */
    public ChannelCluster(Function<String, PeerListener> listeners) throws IOException {
        this.listeners = listeners;
        for (String from : NAMES) {
            for (String to : NAMES) {
                if (!from.equals(to)) {
                    proxies.put(from + to, new LinkProxy(() -> nodes.containsKey(to) ? nodes.get(to).port() : 0,
                        () -> frozen.contains(from) || frozen.contains(to)));
                }
            }
        }
    }

    static PeerIdentity identity(String node) {
        return new PeerIdentity("test", node, INCARNATIONS.incrementAndGet(), 1, 1, "nats://" + node + ":6666", Map.of());
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static ChannelLinks links(PeerIdentity self, Map<String, InetSocketAddress> peers, String secret, PeerListener probe)
            throws IOException {
        return ChannelLinks.start(self, new ChannelSettings(loopback(0), null, peers, secret.getBytes(), Optional.empty()),
            PATIENT, BrokerClock.SYSTEM, Thread::new, probe);
    }

    @Override
    public void start(String node) {
        Map<String, InetSocketAddress> peers = new HashMap<>();
        NAMES.stream().filter(peer -> !peer.equals(node)).forEach(peer -> peers.put(peer,
            loopback(proxies.get(node + peer).port())));
        LinkProbe probe = new LinkProbe();
        probes.put(node, probe);
        try {
            nodes.put(node, links(identity(node), peers, "a secret",
                listeners == null ? probe : listeners.apply(node)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port(String node) {
        return nodes.get(node).port();
    }

    @Override
    public PeerLinks links(String node) {
        return nodes.get(node).links();
    }

    @Override
    public LinkProbe probe(String node) {
        return probes.get(node);
    }

    @Override
    public void until(String what, BooleanSupplier condition) {
        await(what, condition);
    }

    static void await(String what, BooleanSupplier condition) {
        Await.until(what, condition);
    }

    @Override
    public void breakConnection(String one, String other) {
        proxies.get(one + other).breakAll();
        proxies.get(other + one).breakAll();
    }

    @Override
    public void freeze(String node) {
        frozen.add(node);
    }

    @Override
    public void thaw(String node) {
        frozen.remove(node);
    }

    @Override
    public void kill(String node) {
        nodes.remove(node).close();
    }

    @Override
    public void close() {
        frozen.clear();
        nodes.values().forEach(ChannelLinks::close);
        proxies.values().forEach(proxy -> {
            try {
                proxy.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}

package org.memphisee.cluster.jgroups;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.memphisee.core.cluster.link.LinkProbe;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.support.FreePort;

/** A node that comes back at another address, or is known late, is found by its name. */
@Timeout(60)
class NamesOfPeersTest {

    private final Map<String, String> names = new ConcurrentHashMap<>();

    private InetAddress find(String host) throws UnknownHostException {
        String address = names.get(host);
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getByName(address);
    }

    private ChannelLinks node(String name, String address, int port, String peer) throws Exception {
        return ChannelLinks.start(ChannelCluster.identity(name), new ChannelSettings(new InetSocketAddress(address, port), null,
            Map.of(peer, InetSocketAddress.createUnresolved(peer + ".peers", port)), "a secret".getBytes(), Optional.empty(),
            this::find), LinkSettings.DEFAULT, BrokerClock.SYSTEM, Thread::new, new LinkProbe());
    }

    @Test
    void shouldLinkToANodeThatIsKnownLateAndComesBackElsewhere() throws Exception {
        int port = FreePort.any();
        names.put("b.peers", "127.0.0.3");
        try (ChannelLinks b = node("b", "127.0.0.3", port, "a")) {
            ChannelLinks a = node("a", "127.0.0.2", port, "b"); // b never learns of its name
            ChannelCluster.await("linked", () -> a.node().linked("b"));
            a.close();
            ChannelCluster.await("alone", () -> !b.node().linked("a"));
            names.put("a.peers", "127.0.0.4");
            try (ChannelLinks again = node("a", "127.0.0.4", port, "b")) {
                ChannelCluster.await("linked again", () -> again.node().linked("b") && b.node().linked("a"));
            }
        }
    }

    @Test
    void shouldGoToWhereTheNameIsNow() throws Exception {
        int port = FreePort.any();
        try (ChannelLinks a = node("a", "127.0.0.2", port, "b")) { // a comes first by name, and visits
            ChannelLinks b = node("b", "127.0.0.3", port, "a");
            names.put("b.peers", "127.0.0.3");
            ChannelCluster.await("linked", () -> a.node().linked("b"));
            b.close();
            ChannelCluster.await("alone", () -> !a.node().linked("b"));
            try (ChannelLinks elsewhere = node("b", "127.0.0.4", port, "a")) {
                names.put("b.peers", "127.0.0.4");
                ChannelCluster.await("linked again", () -> a.node().linked("b") && elsewhere.node().linked("a"));
            }
        }
    }
}

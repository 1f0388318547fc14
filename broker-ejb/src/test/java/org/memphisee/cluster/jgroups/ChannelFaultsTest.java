package org.memphisee.cluster.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.cluster.jgroups.ChannelCluster.await;
import static org.memphisee.cluster.jgroups.ChannelCluster.identity;
import static org.memphisee.cluster.jgroups.ChannelCluster.loopback;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jgroups.Version;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memphisee.core.cluster.link.LinkProbe;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks.Sent;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.support.FreePort;

/** What comes to the port of a cluster beside its nodes, and nodes that do not belong to it. */
class ChannelFaultsTest {

    private static final Logger LOG = Logger.getLogger(ChannelLinks.class.getName());
    private static volatile boolean deserialised;

    private final List<ChannelLinks> nodes = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final LinkProbe probeA = new LinkProbe();
    private final LinkProbe probeB = new LinkProbe();

    /** If this was ever read, anybody could have run anything. */
    private static final class Trap implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            deserialised = true;
        }
    }

    @AfterEach
    void end() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        nodes.forEach(ChannelLinks::close);
    }

    @Test
    void shouldSayThatAProcessHasEndedWhenNobodyListensThere() throws IOException {
        ChannelLinks b = start(identity("b"), "a", FreePort.any(), "", probeB);
        start(identity("a"), "b", b.port(), "", probeA);
        await("linked", () -> probeA.isLinked("b") && probeB.isLinked("a"));
        b.close();
        await("told", () -> probeA.told("b", LinkProbe.Gone.class).size() == 1);
        assertFalse(probeA.isLinked("b"));
    }

    @Test
    void shouldLinkWhileStrangersKnockAndAreSilentOrSlowOrTalkNonsense() throws IOException {
        ChannelLinks b = start(identity("b"), "a", FreePort.any(), "", probeB);
        for (int i = 0; i < 200; i++) {
            Socket stranger = knock(b.port());
            if (i % 4 == 1) {
                stranger.getOutputStream().write("GET / HTTP/1.1\r\nHost: somebody\r\n\r\n".getBytes());
            } else if (i % 4 == 2) {
                stranger.getOutputStream().write('b'); // and no more
            } else if (i % 4 == 3) {
                stranger.close();
            }
        }
        ChannelLinks a = start(identity("a"), "b", b.port(), "", probeA);
        await("linked all the same", () -> probeA.isLinked("b") && probeB.isLinked("a"));
        Socket silent = knock(b.port());
        silent.setSoTimeout(10_000);
        assertEquals(-1, silent.getInputStream().read(), "who says nothing is sent away");
        assertEquals(Sent.TAKEN, a.links().send("b", Traffic.RAFT, LinkProbe.numbered(1, 10)));
        await("and is undisturbed", () -> probeB.got("a", Traffic.RAFT).equals(List.of(1L)));
        assertEquals(0, probeB.told("a", LinkProbe.Unlinked.class).size());
    }

    @Test
    void shouldReadNoObjectsAndNothingLongFromStrangers() throws IOException {
        ChannelLinks b = start(identity("b"), "a", FreePort.any(), "", probeB);
        start(identity("a"), "b", b.port(), "", probeA);
        await("linked", () -> probeA.isLinked("b") && probeB.isLinked("a"));
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        new ObjectOutputStream(object).writeObject(new Trap());
        List<byte[]> bodies = List.of(object.toByteArray(), new byte[0], new byte[100]);
        int port = 1;
        for (byte[] body : bodies) {
            Socket stranger = greet(b.port(), port++);
            DataOutputStream out = new DataOutputStream(stranger.getOutputStream());
            out.writeInt(body.length);
            out.write(body);
            assertSentAway(stranger);
        }
        for (int length : new int[] {60 << 20, -1, Integer.MAX_VALUE}) {
            Socket stranger = greet(b.port(), port++);
            new DataOutputStream(stranger.getOutputStream()).writeInt(length);
            assertSentAway(stranger);
        }
        assertFalse(deserialised);
        assertTrue(probeA.isLinked("b") && probeB.told("a", LinkProbe.Unlinked.class).isEmpty());
    }

    @Test
    void shouldTellBothSidesWhySomebodyIsRefusedAndSayItOnce() throws IOException {
        List<String> said = new CopyOnWriteArrayList<>();
        Handler handler = listener(said);
        try {
            ChannelLinks b = start(identity("b"), "a", FreePort.any(), "one secret", probeB);
            ChannelLinks a = start(identity("a"), "b", b.port(), "another secret", probeA);
            await("both are told", () -> told(said, "MEE0765: a was refused: its memphisee.cluster.secret") && told(said,
                "MEE0768: b refuses this node: another memphisee.cluster.secret"));
            a.close();
            PeerIdentity other = new PeerIdentity("staging", "a", 5, 1, 1, "", Map.of());
            start(other, "b", b.port(), "one secret", new LinkProbe());
            await("told", () -> told(said, "MEE0762: a was refused: it belongs to the cluster \"staging\", this node to \"test\""));
        } finally {
            LOG.removeHandler(handler);
        }
        assertEquals(1, said.stream().filter(line -> line.startsWith("MEE0765: a ")).count(), said.toString());
        assertTrue(probeA.told().stream().noneMatch(LinkProbe.Linked.class::isInstance));
    }

    @Test
    void shouldNameAnotherVersionOfJGroupsAndSayItOnce() throws IOException {
        List<String> said = new CopyOnWriteArrayList<>();
        Handler handler = listener(said);
        try {
            ChannelLinks b = start(identity("b"), "a", FreePort.any(), "", probeB);
            for (int i = 0; i < 3; i++) {
                Socket stranger = greet(b.port(), i, (short) (Version.version + 64));
                assertSentAway(stranger);
            }
        } finally {
            LOG.removeHandler(handler);
        }
        assertEquals(List.of("MEE0769: 127.0.0.1 sent to the port of the cluster the greeting of another version of JGroups. Let "
            + "only nodes reach that port."), said);
    }

    @Test
    void shouldNotStartWhereThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThrows(IOException.class, () -> ChannelLinks.start(identity("a"), new ChannelSettings(
                loopback(taken.getLocalPort()), null, Map.of(), new byte[0], Optional.empty()),
                LinkSettings.DEFAULT, BrokerClock.SYSTEM, Thread::new,
                probeA));
        }
    }

    private static Handler listener(List<String> said) {
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord message) {
                said.add(message.getMessage());
            }

            @Override
            public void flush() { }

            @Override
            public void close() { }
        };
        LOG.addHandler(handler);
        return handler;
    }

    private static boolean told(List<String> said, String beginning) {
        return said.stream().anyMatch(line -> line.startsWith(beginning));
    }

    private ChannelLinks start(PeerIdentity self, String peer, int port, String secret, LinkProbe probe) throws IOException {
        ChannelLinks started = ChannelCluster.links(self, Map.of(peer, loopback(port)), secret, probe);
        nodes.add(started);
        return started;
    }

    private Socket knock(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        return socket;
    }

    /** As JGroups greets: everybody can. */
    private Socket greet(int port, int ownPort) throws IOException {
        return greet(port, ownPort, Version.version);
    }

    private Socket greet(int port, int ownPort, short version) throws IOException {
        Socket socket = knock(port);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        IpAddress address = new IpAddress(InetAddress.getLoopbackAddress(), ownPort);
        out.write(new byte[] {'b', 'e', 'l', 'a'});
        out.writeShort(version);
        out.writeShort(address.serializedSize());
        address.writeTo(out);
        return socket;
    }

    private static void assertSentAway(Socket socket) throws IOException {
        socket.setSoTimeout(3_000); // well below the time after which silence ends a connection
        try {
            assertEquals(-1, socket.getInputStream().read());
        } catch (SocketException e) {
            assertTrue(e.getMessage().contains("reset"), e.getMessage());
        }
    }
}

package org.memphisee.core.cluster.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.memphisee.core.cluster.link.LinkFrame.Kind;
import org.memphisee.core.cluster.link.NodeLinks.Heard;
import org.memphisee.core.cluster.link.PeerLinks.Sent;
import org.memphisee.core.time.BrokerClock;

/** Two nodes, frame by frame. */
class NodeLinksTest {

    private static final long MILLIS = 1_000_000;

    private long now = 1_000 * MILLIS;
    private byte nonce;
    private final ArrayDeque<byte[]> toA = new ArrayDeque<>();
    private final ArrayDeque<byte[]> toB = new ArrayDeque<>();
    private final LinkProbe probeA = new LinkProbe();
    private final LinkProbe probeB = new LinkProbe();
    private final List<String> closed = new ArrayList<>();

    private final BrokerClock clock = new BrokerClock() {
        @Override
        public long wallNanos() {
            return now;
        }

        @Override
        public long nowNanos() {
            return now;
        }
    };

    @Test
    void shouldLinkWithThreeHellosAndSayNothingTwice() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        a.tick("b");
        assertEquals(1, toB.size());
        exchange(a, b);
        assertTrue(a.linked("b") && b.linked("a"));
        assertEquals(1, probeA.told("b", LinkProbe.Linked.class).size());
        assertEquals(identity("a", 1), probeB.told("a", LinkProbe.Linked.class).get(0).who());
    }

    @Test
    void shouldLinkWhenBothBeginAtOnce() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        a.tick("b");
        b.tick("a");
        exchange(a, b);
        assertTrue(a.linked("b") && b.linked("a"));
        assertEquals(List.of(new LinkProbe.Linked("b", identity("b", 2))), probeA.told());
        assertEquals(List.of(new LinkProbe.Linked("a", identity("a", 1))), probeB.told());
    }

    @Test
    void shouldRefuseWhoDoesNotBelongHereAndTellBoth() {
        assertRefused("b SECRET", "by a SECRET", identity("b", 2), "another secret");
        assertRefused("b CLUSTER other", "by a CLUSTER", new PeerIdentity("other", "b", 2, 1, 1, "", Map.of()), "secret");
        assertRefused("b VERSION formats of level 7 to 9", "by a VERSION", new PeerIdentity("test", "b", 2, 7, 9, "", Map.of()),
            "secret");
        assertRefused("b FINGERPRINT tokens", "by a FINGERPRINT", new PeerIdentity("test", "b", 2, 1, 1, "",
            Map.of("tokens", "5678")), "secret");
        assertRefused("c UNKNOWN_NODE", "by a UNKNOWN_NODE", identity("c", 2), "secret");
        assertRefused("a SAME_NAME", "by a SAME_NAME", identity("a", 2), "secret");
    }

    @Test
    void shouldRefuseWhoWantsSomebodyElseOrSpeaksAnotherVersion() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        LinkKeys keys = new LinkKeys("secret".getBytes());
        Hello wrong = new Hello(1, 1, false, new byte[16], new byte[16], "z", identity("b", 2), 1, new int[] {1, 1, 1, 1, 1, 1});
        a.received(LinkFrame.encode(Kind.HELLO, Traffic.CONTROL, 0, 0, wrong.encode(keys)), frame -> { });
        Hello newer = new Hello(2, 3, false, new byte[16], new byte[16], "a", identity("b", 2), 1, new int[] {1, 1, 1, 1, 1, 1, 9});
        a.received(LinkFrame.encode(Kind.HELLO, Traffic.CONTROL, 0, 0, newer.encode(keys)), frame -> { });
        assertEquals(List.of("b WRONG_NODE z", "b VERSION links of version 2 to 3"), probeA.refusals());
    }

    @Test
    void shouldNotBelieveAHelloThatWasMadeForAnotherOccasion() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        b.tick("a");
        byte[] old = toA.peek();
        List<byte[]> recorded = new ArrayList<>(toA);
        a.received(toA.poll(), frame -> { });
        recorded.add(toB.peek());
        exchange(a, b);
        for (byte[] again : recorded) { // and a hello of a's own
            a.received(again, frame -> { });
        }
        assertTrue(a.linked("b"), "a recorded hello ends no link");
        a.closed("b");
        toB.clear();
        a.received(old, frame -> { });
        exchange(a, new ArrayDeque<>(recorded));
        assertFalse(a.linked("b"), "and makes none");
    }

    @Test
    void shouldEndTheLinkWhenAFrameIsMissingAndBeginAnew() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        link(a, b);
        a.send("b", Traffic.RAFT, LinkProbe.numbered(1, 8));
        a.send("b", Traffic.RAFT, LinkProbe.numbered(2, 8));
        a.send("b", Traffic.RAFT, LinkProbe.numbered(3, 8));
        byte[] first = toB.poll();
        toB.poll();
        byte[] third = toB.poll();
        assertEquals(Heard.TAKEN, b.received(first, frame -> { }));
        assertEquals(Heard.STRAY, b.received(first, frame -> { }), "twice");
        b.received(third, frame -> { });
        assertEquals(List.of(1L), probeB.got("a", Traffic.RAFT));
        assertEquals(List.of(new LinkProbe.Unlinked("a", LinkEnd.GAP)), probeB.told("a", LinkProbe.Unlinked.class));
        exchange(a, b);
        assertEquals(List.of(new LinkProbe.Unlinked("b", LinkEnd.RESET)), probeA.told("b", LinkProbe.Unlinked.class));
        assertTrue(a.linked("b") && b.linked("a"));
        assertEquals(Heard.STRAY, b.received(third, frame -> { }), "a frame of the link before");
        assertEquals(List.of(1L), probeB.got("a", Traffic.RAFT));
    }

    @Test
    void shouldNoticeByTheNextBeatThatTheLastFrameIsMissing() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        link(a, b);
        a.send("b", Traffic.RAFT, LinkProbe.numbered(1, 8));
        toB.clear();
        pass(100, a, b);
        assertEquals(List.of(new LinkProbe.Unlinked("a", LinkEnd.GAP)), probeB.told("a", LinkProbe.Unlinked.class));
        assertTrue(b.linked("a"), "and there is a new one");
    }

    @Test
    void shouldEndASilentLinkAndItsConnection() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        link(a, b);
        for (int i = 0; i < 12; i++) {
            now += 100 * MILLIS;
            a.tick("b");
        }
        assertTrue(a.linked("b"), "1 200 ms are not too long");
        now += 100 * MILLIS;
        a.tick("b");
        assertEquals(List.of(new LinkProbe.Unlinked("b", LinkEnd.SILENT)), probeA.told("b", LinkProbe.Unlinked.class));
        assertEquals(List.of("b"), closed);
    }

    @Test
    void shouldNotBlameThePeerWhenThisNodeStoodStill() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        link(a, b);
        a.tick("b");
        now += 5_000 * MILLIS;
        a.tick("b");
        assertTrue(a.linked("b"), "what arrived meanwhile is read first");
        for (int i = 0; i < 13; i++) {
            now += 100 * MILLIS;
            a.tick("b");
        }
        assertFalse(a.linked("b"));
    }

    @Test
    void shouldMeasureRoundTripAndOffsetOfClocks() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        link(a, b);
        now += 100 * MILLIS;
        a.tick("b");
        now += 4 * MILLIS;
        b.received(toB.poll(), frame -> { });
        now += 6 * MILLIS;
        a.received(toA.poll(), frame -> { });
        assertEquals(10 * MILLIS, a.health("b").rttNanos());
        assertEquals(-1, a.health("b").clockOffsetMillis(), "4 ms there, half of 10 assumed");
    }

    @Test
    void shouldSayThatTwoNodesRunWithOneName() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        NodeLinks copy = node(identity("b", 3), "secret", new LinkProbe(), toA);
        link(a, b);
        for (int i = 0; i < 30; i++) {
            copy.tick("a");
            pass(100, a, b);
        }
        assertTrue(a.linked("b"));
        assertTrue(probeA.refusals().contains("b SAME_NAME"), probeA.refusals().toString());
    }

    @Test
    void shouldEndTheLinkOfWhoSendsMoreThanItMay() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        link(a, b);
        probeB.keep(Traffic.CONTROL);
        long number = ByteBuffer.wrap(toBOf(a)).getLong(8);
        long sent = 1; // the beat that has this number is not delivered
        while (b.linked("a")) {
            b.received(LinkFrame.encode(Kind.DATA, Traffic.CONTROL, number, sent++, new byte[100_000]), frame -> { });
            assertTrue(probeB.keptBytes() <= 512 * 1024, "kept " + probeB.keptBytes());
        }
        assertEquals(List.of(new LinkProbe.Unlinked("a", LinkEnd.GARBLED)), probeB.told("a", LinkProbe.Unlinked.class));
    }

    @Test
    void shouldSurviveWhateverArrives() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        link(a, b);
        Random random = new Random(7);
        byte[] beat = toBOf(a);
        a.closed("b");
        a.tick("b");
        byte[] hello = toB.poll();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = (i % 2 == 0 ? beat : hello).clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            if (i % 3 == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            } else if (bytes.length >= LinkFrame.HEADER && i % 3 == 1) { // whole, so that what is inside is looked at
                LinkFrame frame = LinkFrame.decode(LinkFrame.encode(i % 2 == 0 ? Kind.BEAT : Kind.HELLO, Traffic.CONTROL, 0, 0,
                    Arrays.copyOfRange(bytes, LinkFrame.HEADER, bytes.length)));
                assertTrue(frame != null);
                bytes = LinkFrame.encode(frame.kind(), Traffic.CONTROL, 0, 0, Arrays.copyOfRange(bytes,
                    LinkFrame.HEADER, bytes.length));
            }
            b.received(bytes, frame -> { });
        }
        assertEquals(Heard.GARBAGE, b.received(new byte[0], frame -> { }));
        assertEquals(Heard.GARBAGE, b.received(new byte[100], frame -> { }));
        toA.clear();
        toB.clear();
        for (int i = 0; i < 20 && !(a.linked("b") && b.linked("a")); i++) {
            pass(250, a, b);
        }
        assertTrue(a.linked("b") && b.linked("a"));
    }

    @Test
    void shouldStopForGood() {
        NodeLinks a = node(identity("a", 1), "secret", probeA, toB);
        NodeLinks b = node(identity("b", 2), "secret", probeB, toA);
        link(a, b);
        a.stop();
        assertEquals(List.of(new LinkProbe.Unlinked("b", LinkEnd.STOPPED)), probeA.told("b", LinkProbe.Unlinked.class));
        assertEquals(Sent.NOT_LINKED, a.send("b", Traffic.RAFT, new byte[1]));
        pass(250, a, b);
        assertFalse(a.linked("b"));
    }

    @Test
    void shouldRefuseNamesThatArePeersTwice() {
        assertThrows(IllegalArgumentException.class, () -> new NodeLinks(identity("a", 1), List.of("a"), LinkSettings.DEFAULT,
            new byte[0], () -> new byte[16], clock, null, probeA, probeA));
    }

    /** Version 1 as it is, whatever the code makes of it later. */
    @Test
    void shouldWriteFramesAndHellosAsVersionOneHasThem() {
        byte[] data = LinkFrame.encode(Kind.DATA, Traffic.RAFT, 0x1122334455667788L, 3, new byte[] {1, 2});
        assertEquals("01020100", HexFormat.of().formatHex(data, 0, 4));
        assertEquals("112233445566778800000000000000030102", HexFormat.of().formatHex(data, 8, data.length));
        LinkFrame frame = LinkFrame.decode(data);
        assertEquals(3, frame.number());
        data[25] ^= 1;
        assertNull(LinkFrame.decode(data), "a bit that was turned");

        byte[] n = new byte[16];
        Arrays.fill(n, (byte) 5);
        Hello hello = new Hello(1, 1, true, n, n, "b", new PeerIdentity("c", "a", 9, 1, 2, "u", Map.of("t", "f")), 7,
            new int[] {1, 2, 3, 4, 5, 6});
        byte[] bytes = hello.encode(new LinkKeys("secret".getBytes()));
        assertEquals("0001" + "0001" + "01" + "05".repeat(32) + "000162" + "000163" + "000161" + "0000000000000009" + "00000001"
            + "00000002" + "000175" + "01" + "000174" + "000166" + "00000007" + "06" + "00000001" + "00000002" + "00000003"
            + "00000004" + "00000005" + "00000006", HexFormat.of().formatHex(bytes, 0, bytes.length - 32));
        Hello.Received read = Hello.decode(ByteBuffer.wrap(bytes));
        assertTrue(read.proven(new LinkKeys("secret".getBytes())));
        assertFalse(read.proven(new LinkKeys("Secret".getBytes())));
        assertEquals(hello.who(), read.hello().who());
        assertArrayEquals(hello.budgets(), read.hello().budgets());
    }

    @Test
    void shouldGiveWhatWaitsForAllOthersATurn() {
        SendWindow window = new SendWindow(1 << 30, new int[] {1 << 30, 1 << 30, 1 << 30, 1 << 30, 1 << 30, 1 << 30});
        window.take(Traffic.BULK, new byte[1]);
        int before = 0;
        Traffic next;
        do {
            window.take(Traffic.REQUESTS, new byte[100_000]);
            next = window.next().traffic();
            before++;
        } while (next == Traffic.REQUESTS && before < 100);
        assertEquals(12, before, "after a MiB of others");
    }

    private void assertRefused(String ours, String theirs, PeerIdentity who, String secret) {
        toA.clear();
        toB.clear();
        LinkProbe mine = new LinkProbe();
        LinkProbe other = new LinkProbe();
        NodeLinks a = new NodeLinks(new PeerIdentity("test", "a", 1, 1, 1, "", Map.of("tokens", "1234")), List.of("b"),
            LinkSettings.DEFAULT, "secret".getBytes(), this::nonce, clock, transport(toB), mine, mine);
        String peer = who.node().equals("a") ? "b" : "a";
        NodeLinks b = new NodeLinks(who, List.of(peer), LinkSettings.DEFAULT, secret.getBytes(), this::nonce, clock,
            transport(toA), other, other);
        if (peer.equals("a")) {
            b.tick("a");
            a.received(toA.poll(), frame -> b.received(frame, none -> { }));
            assertEquals(List.of(theirs), other.refusals());
        } else {
            Hello hello = new Hello(1, 1, false, new byte[16], new byte[16], "a", who, 1, new int[] {1, 1, 1, 1, 1, 1});
            a.received(LinkFrame.encode(Kind.HELLO, Traffic.CONTROL, 0, 0, hello.encode(new LinkKeys(secret.getBytes()))),
                frame -> b.received(frame, none -> { }));
        }
        assertEquals(List.of(ours), mine.refusals());
        assertEquals(List.of(), mine.told());
    }

    private void link(NodeLinks a, NodeLinks b) {
        a.tick("b");
        exchange(a, b);
        assertTrue(a.linked("b") && b.linked("a"));
        toA.clear();
        toB.clear();
    }

    /** The first beat of a. */
    private byte[] toBOf(NodeLinks a) {
        now += 100 * MILLIS;
        a.tick("b");
        byte[] beat = toB.poll();
        toB.clear();
        return beat;
    }

    private void pass(long millis, NodeLinks a, NodeLinks b) {
        now += millis * MILLIS;
        a.tick("b");
        b.tick("a");
        exchange(a, b);
    }

    private void exchange(NodeLinks a, NodeLinks b) {
        for (int i = 0; i < 100 && !(toA.isEmpty() && toB.isEmpty()); i++) {
            if (!toB.isEmpty()) {
                b.received(toB.poll(), frame -> { });
            }
            if (!toA.isEmpty()) {
                a.received(toA.poll(), frame -> { });
            }
        }
        assertTrue(toA.isEmpty() && toB.isEmpty(), "they would talk for ever");
    }

    private static void exchange(NodeLinks a, ArrayDeque<byte[]> recorded) {
        recorded.forEach(frame -> a.received(frame, none -> { }));
    }

    private NodeLinks node(PeerIdentity who, String secret, LinkProbe probe, ArrayDeque<byte[]> out) {
        return new NodeLinks(who, List.of(who.node().equals("a") ? "b" : "a"), LinkSettings.DEFAULT, secret.getBytes(),
            this::nonce, clock, transport(out), probe, probe);
    }

    private LinkTransport transport(ArrayDeque<byte[]> out) {
        return new LinkTransport() {
            @Override
            public void send(String peer, byte[] frame) {
                out.add(frame);
            }

            @Override
            public void close(String peer) {
                closed.add(peer);
            }
        };
    }

    private byte[] nonce() {
        byte[] next = new byte[16];
        next[0] = ++nonce;
        return next;
    }

    private static PeerIdentity identity(String node, long incarnation) {
        return new PeerIdentity("test", node, incarnation, 1, 1, "nats://" + node, Map.of());
    }
}

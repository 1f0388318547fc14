package org.memphisee.core.cluster.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.core.cluster.link.PeerLinks.Sent;

/** What holds for links, whatever carries them. */
public abstract class PeerLinksContract {

    private static final int BUDGET = LinkSettings.DEFAULT.budgets().get(Traffic.REQUESTS);

    private LinkCluster cluster;

    /** Three nodes that have just started. */
    protected abstract LinkCluster cluster() throws Exception;

    @BeforeEach
    void begin() throws Exception {
        cluster = cluster();
        cluster.until("all are linked", () -> all("a") && all("b") && all("c"));
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void shouldTellEachNodeWhoItsPeersAre() {
        assertEquals(Set.of("b", "c"), cluster.links("a").peers());
        PeerIdentity b = cluster.probe("a").told("b", LinkProbe.Linked.class).get(0).who();
        assertEquals("b", b.node());
        assertEquals("nats://b:6666", b.clientUrl());
        assertEquals(b.incarnation(), cluster.probe("c").told("b", LinkProbe.Linked.class).get(0).who().incarnation());
    }

    @Test
    void shouldDeliverEachKindOfTrafficInOrderAndOnce() {
        Map<Traffic, List<Long>> sent = new HashMap<>();
        for (long number = 1; number <= 6_000; number++) {
            Traffic traffic = Traffic.values()[(int) (number % Traffic.values().length)];
            long frame = number;
            cluster.until("taken", () -> cluster.links("a").send("b", traffic, LinkProbe.numbered(frame, (int) (frame % 3_000)))
                == Sent.TAKEN);
            sent.computeIfAbsent(traffic, t -> new ArrayList<>()).add(number);
        }
        cluster.until("all have arrived", () -> cluster.probe("b").told("a", LinkProbe.Got.class).size() == 6_000);
        sent.forEach((traffic, numbers) -> assertEquals(numbers, cluster.probe("b").got("a", traffic), traffic.name()));
        assertEquals(List.of(), cluster.probe("c").told("a", LinkProbe.Got.class));
    }

    @Test
    void shouldBeginAnewWhenTheConnectionBreaks() {
        send("a", "b", Traffic.RAFT, 1);
        cluster.until("arrived", () -> cluster.probe("b").got("a", Traffic.RAFT).equals(List.of(1L)));
        cluster.breakConnection("a", "b");
        cluster.until("both have noticed and linked again", () -> anew("a", "b") && anew("b", "a"));
        send("a", "b", Traffic.RAFT, 2);
        send("b", "a", Traffic.RAFT, 3);
        cluster.until("both ways work", () -> cluster.probe("b").got("a", Traffic.RAFT).equals(List.of(1L, 2L))
            && cluster.probe("a").got("b", Traffic.RAFT).equals(List.of(3L)));
        assertEquals(1, cluster.probe("a").told("c", LinkProbe.Linked.class).size(), "the others noticed nothing");
    }

    @Test
    void shouldTakeNoMoreThanTheBudgetOfWhatThePeerIsNotDoneWith() {
        cluster.probe("b").keep(Traffic.REQUESTS);
        long taken = fill("a", "b", Traffic.REQUESTS);
        assertTrue(taken > BUDGET * 9L / 10 && taken <= BUDGET, taken + " bytes");
        cluster.until("all have arrived", () -> cluster.probe("b").keptBytes() == taken);
        assertEquals(Sent.FULL, cluster.links("a").send("b", Traffic.REQUESTS, new byte[16_000]));
        long pending = cluster.links("a").health("b").pendingBytes();
        assertTrue(pending >= taken && pending <= BUDGET, pending + " bytes");

        send("a", "b", Traffic.ANSWERS, 7); // another kind, and another peer
        send("a", "c", Traffic.REQUESTS, 8);
        cluster.until("nobody else waits", () -> cluster.probe("b").got("a", Traffic.ANSWERS).equals(List.of(7L))
            && cluster.probe("c").got("a", Traffic.REQUESTS).equals(List.of(8L)));
        assertEquals(List.of(), cluster.probe("a").told("b", LinkProbe.Room.class));

        cluster.probe("b").release();
        cluster.until("told that there is room", () -> cluster.probe("a").told("b", LinkProbe.Room.class)
            .equals(List.of(new LinkProbe.Room("b", Traffic.REQUESTS))));
        send("a", "b", Traffic.REQUESTS, 9);
        cluster.until("it goes on", () -> cluster.probe("b").got("a", Traffic.REQUESTS).contains(9L));
    }

    @Test
    void shouldKeepMemoryBoundedAndOthersServedWhenAPeerIsFrozen() {
        cluster.freeze("b");
        long taken = 0;
        for (Traffic traffic : Traffic.values()) {
            taken += fill("a", "b", traffic);
        }
        assertTrue(taken <= 16 << 20, taken + " bytes");
        for (long number = 1; number <= 200; number++) {
            send("a", "c", Traffic.RAFT, number);
        }
        cluster.until("the other one has all", () -> cluster.probe("c").got("a", Traffic.RAFT).size() == 200);
        cluster.until("silence ends the link", () -> cluster.probe("a").told("b", LinkProbe.Unlinked.class)
            .contains(new LinkProbe.Unlinked("b", LinkEnd.SILENT)));
        assertEquals(Sent.NOT_LINKED, cluster.links("a").send("b", Traffic.RAFT, new byte[1]));
        assertEquals(0, cluster.links("a").health("b").pendingBytes());
        assertEquals(1, cluster.probe("a").told("c", LinkProbe.Linked.class).size(), "the others noticed nothing");
        cluster.thaw("b");
        cluster.until("all are linked", () -> cluster.probe("a").isLinked("b") && cluster.probe("b").isLinked("a")
            && cluster.probe("b").isLinked("c"));
        send("a", "b", Traffic.RAFT, 300);
        cluster.until("it arrives", () -> cluster.probe("b").got("a", Traffic.RAFT).contains(300L));
    }

    @Test
    void shouldLinkToTheNextIncarnationAfterAPeerDied() {
        long before = cluster.probe("a").told("b", LinkProbe.Linked.class).get(0).who().incarnation();
        cluster.kill("b");
        cluster.until("told", () -> !cluster.probe("a").isLinked("b") && !cluster.probe("c").isLinked("b"));
        assertEquals(Sent.NOT_LINKED, cluster.links("a").send("b", Traffic.RAFT, new byte[1]));
        cluster.start("b");
        cluster.until("linked again", () -> cluster.probe("a").isLinked("b") && cluster.probe("c").isLinked("b")
            && cluster.probe("b").isLinked("a"));
        List<LinkProbe.Linked> links = cluster.probe("a").told("b", LinkProbe.Linked.class);
        assertTrue(links.get(links.size() - 1).who().incarnation() != before);
        send("a", "b", Traffic.RAFT, 5);
        cluster.until("it arrives", () -> cluster.probe("b").got("a", Traffic.RAFT).equals(List.of(5L)));
    }

    @Test
    void shouldMeasureTheWayToEachPeer() {
        cluster.until("measured", () -> cluster.links("a").health("b").rttNanos() > 0);
        LinkHealth health = cluster.links("a").health("b");
        assertTrue(health.linked() && health.rttNanos() < 1_000_000_000L, health.toString());
        assertTrue(Math.abs(health.clockOffsetMillis()) < 1_000, health.toString());
    }

    @Test
    void shouldNotDelayUrgentFramesByLargeTransfers() {
        cluster.freeze("b"); // so that nothing arrives before all is sent
        int pieces = 0;
        while (cluster.links("a").send("b", Traffic.BULK, LinkProbe.numbered(++pieces, 256 << 10)) == Sent.TAKEN) {
            assertTrue(pieces < 100, "never full");
        }
        int taken = pieces - 1;
        send("a", "b", Traffic.CONTROL, 1);
        cluster.thaw("b");
        cluster.until("all are there", () -> cluster.probe("b").told("a", LinkProbe.Got.class).size() == taken + 1);
        List<LinkProbe.Got> order = cluster.probe("b").told("a", LinkProbe.Got.class);
        int before = order.indexOf(order.stream().filter(g -> g.traffic() == Traffic.CONTROL).findFirst().orElseThrow());
        assertTrue(before <= 4 && taken >= 7, "after " + before + " pieces of a quarter of the pipe, of " + taken);
    }

    @Test
    void shouldRefuseWhatCannotBeSent() {
        assertThrows(IllegalArgumentException.class, () -> cluster.links("a").send("z", Traffic.RAFT, new byte[1]));
        assertThrows(IllegalArgumentException.class, () -> cluster.links("a").send("a", Traffic.RAFT, new byte[1]));
        byte[] large = new byte[LinkSettings.DEFAULT.maxFrame() + 1];
        assertThrows(IllegalArgumentException.class, () -> cluster.links("a").send("b", Traffic.RAFT, large));
        assertFalse(cluster.links("a").health("b").pendingBytes() > 0);
    }

    @Test
    void shouldSendASingleFrameThatIsLargerThanItsBudget() {
        byte[] large = LinkProbe.numbered(1, BUDGET + 1_000_000);
        assertEquals(Sent.TAKEN, cluster.links("a").send("b", Traffic.REQUESTS, large));
        cluster.until("it arrives", () -> cluster.probe("b").told("a", LinkProbe.Got.class)
            .equals(List.of(new LinkProbe.Got("a", Traffic.REQUESTS, 1, large.length))));
    }

    private boolean all(String node) {
        return cluster.links(node).peers().stream().allMatch(peer -> cluster.probe(node).isLinked(peer));
    }

    private boolean anew(String node, String peer) {
        return cluster.probe(node).told(peer, LinkProbe.Unlinked.class).size() > 0 && cluster.probe(node).isLinked(peer);
    }

    private void send(String from, String to, Traffic traffic, long number) {
        assertEquals(Sent.TAKEN, cluster.links(from).send(to, traffic, LinkProbe.numbered(number, 100)));
    }

    /** Sends until there is no room; returns the bytes that were taken. */
    private long fill(String from, String to, Traffic traffic) {
        long[] taken = {0};
        LongStream.iterate(1, n -> n + 1).takeWhile(n -> n < 100_000 && cluster.links(from).send(to, traffic,
            LinkProbe.numbered(n, 16_000)) == Sent.TAKEN).forEach(n -> taken[0] += 16_000);
        return taken[0];
    }
}

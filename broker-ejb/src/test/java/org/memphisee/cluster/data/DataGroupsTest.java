package org.memphisee.cluster.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.cluster.GroupPlace;
import org.memphisee.core.cluster.election.Hindrance;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.link.SimLinks;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.TestStreams;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.simulation.SimJournalFiles;
import org.memphisee.store.memory.MemoryLogStore;

/** Groups of several nodes in their loops, with partitions that come by definitions: which node has what, and who leads. One thread. */
class DataGroupsTest {

    private static final long MILLIS = 1_000_000;

    private final Map<String, Place> places = new TreeMap<>();
    /** What is defined, in the order in which all nodes fold it; a node that starts again has all of it at once. */
    private final List<Defined> defined = new ArrayList<>();
    private SimLinks links;
    private GroupMap map;
    private long lives;

    private static final class Place {
        private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        private SimJournalFiles disk;
        private GroupsNode node;
    }

    private record Defined(long partition, long group, StreamConfig config) { }

    private void form(String... names) throws Exception {
        for (String name : names) {
            Place place = new Place();
            place.disk = new SimJournalFiles(name.hashCode());
            places.put(name, place);
            place.node = new GroupsNode(name, ++lives, place.store, place.disk);
        }
        links = new SimLinks(1, name -> places.get(name).node.loop, names);
        places.forEach((name, place) -> place.node.loop.over(links.links(name)));
        map = GroupMap.formed(List.of(names), "", 1, 2);
        places.values().forEach(place -> {
            place.node.groups.handedOver(0);
            place.node.groups.groups(map, true);
            place.node.groups.handedOver(1);
        });
    }

    private GroupsNode node(String name) {
        return places.get(name).node;
    }

    private void define(long partition, GroupPlace group) {
        Defined d = new Defined(partition, group.id(), TestStreams.stream("s" + partition, List.of("s.>"), group.replicas()));
        defined.add(d);
        places.values().stream().filter(place -> place.node != null).forEach(place -> {
            create(place.node, d);
            place.node.groups.handedOver(1 + defined.size());
        });
    }

    private static void create(GroupsNode node, Defined d) {
        node.table.create(d.partition, d.group, 0, 1, d.config, () -> { });
        node.table.definer(d.config.name()).orElseThrow().define(partition -> {
            partition.addConsumer(d.partition * 100, consumer(), 1, 1, () -> { });
            partition.opened();
        });
    }

    private static ConsumerConfig consumer() {
        return new ConsumerConfig("c", true, "", ConsumerConfig.DeliverPolicy.ALL, 0, 0, ConsumerConfig.AckPolicy.EXPLICIT,
            30_000 * MILLIS, -1, List.of(), List.of(), false, false, 0, 0, 512, -1, 0, false, false, 0, 0, 0, "", "", 0, 0, false,
            Map.of());
    }

    private void kill(String name) {
        Place place = places.get(name);
        links.kill(name);
        place.node.world.end();
        place.node = null;
        place.disk.powerCut();
        place.store.crash();
        place.store = place.store.reopen();
    }

    private void start(String name) throws JournalException, StoreException {
        startLinks(name);
        startGroups(name);
    }

    /** It has links, and hears what the others say, before it has read what is defined. */
    private void startLinks(String name) throws JournalException, StoreException {
        Place place = places.get(name);
        place.node = new GroupsNode(name, ++lives, place.store, place.disk);
        TreeSet<Long> ids = new TreeSet<>();
        defined.forEach(d -> ids.add(d.partition));
        place.node.retain(ids, map);
        links.start(name);
        place.node.loop.over(links.links(name));
    }

    private void startGroups(String name) {
        Place place = places.get(name);
        place.node.groups.groups(map, false);
        defined.forEach(d -> create(place.node, d));
        place.node.groups.handedOver(1 + defined.size());
    }

    private void pass(long millis) {
        for (long i = 0; i < millis; i += 5) {
            links.pass(5);
            places.values().stream().filter(place -> place.node != null).forEach(place -> place.node.world.pass(5 * MILLIS));
        }
    }

    private void until(String what, BooleanSupplier condition) {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertTrue(i < 12_000, () -> "not within a minute: " + what + ": " + places);
            pass(5);
        }
    }

    private String leader(long partition) {
        return places.values().stream().filter(place -> place.node != null).map(place -> place.node)
            .filter(node -> node.leaders.here(partition)).map(node -> node.loop.self()).findFirst().orElse("");
    }

    private boolean allKnow(long partition, String leader) {
        return places.values().stream().filter(place -> place.node != null)
            .allMatch(place -> place.node.leaders.leader(partition).equals(leader));
    }

    private long published(String at, long partition, String payload) {
        GroupsNode.Heard heard = node(at).publish(partition, payload);
        until("an answer about " + payload, () -> heard.outcome != null);
        return heard.sequence();
    }

    @Test
    void shouldHaveEachGroupOfTheRingLedByTheNodeThatShould() throws Exception {
        form("a", "b", "c");
        long id = 100;
        for (GroupPlace group : map.of(3)) {
            define(id++, group);
        }
        until("all lead", () -> allKnow(100, "a") && allKnow(101, "b") && allKnow(102, "c"));
        until("bound", () -> "here".equals(node("a").bound.get(100L)));
        assertEquals("elsewhere", node("b").bound.get(100L));
        assertEquals("here", node("b").bound.get(101L));
        assertEquals(1, published("b", 101, "m1"));
        until("copied", () -> node("a").payloads(101).equals(List.of("m1")) && node("c").payloads(101).equals(List.of("m1")));
    }

    @Test
    void shouldGoOnWithAnotherLeaderWhenOneDies() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        for (int i = 1; i <= 20; i++) {
            assertEquals(i, published("a", 100, "m" + i));
        }
        node("a").pull(100, "c");
        kill("a");
        until("another leads", () -> List.of("b", "c").contains(leader(100)));
        String next = leader(100);
        assertEquals(21, published(next, 100, "m21"));
        assertEquals(21, node(next).payloads(100).size());
        node(next).pull(100, "c");
        until("delivered", () -> !node(next).inboxes.takeDeliveries().isEmpty());
        start("a");
        until("a leads again, as it should", () -> allKnow(100, "a"));
        assertEquals(22, published("a", 100, "m22"));
        assertEquals(List.of(), node("a").reports);
        assertEquals("elsewhere", node(next).bound.get(100L));
    }

    private boolean certain(String name, long partition) {
        long now = node(name).world.clock().nowNanos();
        return node(name).leaders.certain(partition, now, now);
    }

    @Test
    void shouldBeCertainOfWhatItHasWhileNobodyElseCanLead() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a") && certain("a", 100));
        assertFalse(certain("b", 100));
        pass(5_000);
        assertTrue(certain("a", 100), "as long as it is heard");
        for (String other : List.of("b", "c")) {
            links.cut("a", other);
            links.cut(other, "a");
        }
        until("another leads", () -> {
            boolean led = node("b").leaders.here(100) || node("c").leaders.here(100);
            assertFalse(led && certain("a", 100), "two would answer, and one of them with what is old");
            return led;
        });
        until("who leads is certain", () -> certain("b", 100) != certain("c", 100));
        assertFalse(certain("a", 100));
        links.healAll();
        until("a leads again, as it should", () -> allKnow(100, "a") && certain("a", 100));
        assertFalse(certain("b", 100) || certain("c", 100));
    }

    /** Seen in three processes: all journals were full for good, because of what silent groups had applied and nobody had synced. */
    @Test
    void shouldGoOnWhenTheJournalIsFullOfWhatAllStoresHave() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        define(101, map.of(3).get(1));
        until("all lead", () -> allKnow(100, "a") && allKnow(101, "b"));
        assertEquals(1, published("b", 101, "the only one of its group"));
        String large = "x".repeat(16 << 10);
        for (int i = 1; i <= 700; i++) { // more than the 8 MiB of a journal
            assertEquals(i, published("a", 100, large + i));
        }
        assertEquals(2, published("b", 101, "another one"));
    }

    @Test
    void shouldKnowWhoLeadsWhenOthersToldItBeforeItWasAMember() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        kill("b");
        pass(1_000);
        startLinks("b");
        pass(1_000); // a says what it leads, to one who is no member yet
        startGroups("b");
        pass(1_000); // it hears from the group itself
        assertEquals("a", node("b").leaders.leader(100));
        define(101, map.of(3).get(0)); // a has news, and says again what it leads
        pass(1_000);
        assertEquals("a", node("b").leaders.leader(100));
        links.breakConnection("a", "b"); // too short for another leader
        pass(1_000);
        assertEquals("a", node("b").leaders.leader(100));
    }

    @Test
    void shouldNotBelieveOthersOfGroupsThatItIsAMemberOf() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        kill("b");
        pass(1_000);
        startLinks("b");
        pass(1_000);
        kill("a");
        kill("c");
        startGroups("b");
        pass(1_000);
        assertEquals("", node("b").leaders.leader(100), "of two of three that are away");
    }

    @Test
    void shouldRebuildItsGroupsWhenANodeComesBackWithNothing() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        define(101, map.of(3).get(1));
        until("all lead", () -> allKnow(100, "a") && allKnow(101, "b"));
        for (int i = 1; i <= 20; i++) {
            assertEquals(i, published("a", 100, "m" + i));
            assertEquals(i, published("b", 101, "n" + i));
        }
        kill("a");
        Place place = places.get("a");
        place.disk = new SimJournalFiles(7);
        place.store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        until("another leads", () -> List.of("b", "c").contains(leader(100)));
        assertEquals(21, published(leader(100), 100, "m21"));
        start("a");
        until("a is rebuilt", () -> node("a").reports.containsAll(List.of("rebuilt " + map.of(3).get(0).id(),
            "rebuilt " + map.of(3).get(1).id())));
        until("a leads again, as it should", () -> allKnow(100, "a"));
        assertEquals(22, published("a", 100, "m22"));
        assertEquals(22, node("a").payloads(100).size());
        assertEquals(20, node("a").payloads(101).size());
        kill("b");
        until("another leads", () -> !leader(101).isEmpty() && !leader(101).equals("b"));
        assertEquals(21, published(leader(101), 101, "n21"));
    }

    @Test
    void shouldNotVoteWithNothingWhenAnotherNodeIsAway() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        assertEquals(1, published("a", 100, "m1"));
        kill("a");
        kill("c");
        places.get("c").disk = new SimJournalFiles(7);
        places.get("c").store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        start("c");
        pass(5_000);
        assertEquals("", leader(100));
        start("a");
        until("one leads", () -> !leader(100).isEmpty());
        until("c is rebuilt", () -> !node("c").reports.isEmpty());
        assertEquals(List.of("m1"), node("c").payloads(100));
    }

    @Test
    void shouldHaveEverythingThatWasAcknowledgedWhenAllWereWithoutPower() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(1));
        define(101, map.of(1).get(2));
        until("b leads", () -> allKnow(100, "b"));
        assertEquals(1, published("b", 100, "m1"));
        assertEquals(1, published("c", 101, "alone"));
        for (String name : List.of("a", "b", "c")) {
            kill(name);
        }
        for (String name : List.of("c", "a", "b")) {
            start(name);
        }
        until("one leads", () -> !leader(100).isEmpty());
        assertEquals(List.of("m1"), node(leader(100)).payloads(100));
        assertEquals(2, published(leader(100), 100, "m2"));
        assertEquals(List.of("alone"), node("c").payloads(101));
        assertEquals(2, published("c", 101, "alone2"));
    }

    @Test
    void shouldBeginGroupsThatWereFormedRightBeforeAllNodesDied() throws Exception {
        form("a", "b", "c");
        for (String name : List.of("a", "b", "c")) {
            Place place = places.get(name);
            kill(name);
            place.disk = new SimJournalFiles(place.disk.hashCode()); // as if nothing of the groups had come to it
            try (RaftJournal journal = GroupsNode.journal(place.disk)) {
                journal.group(GroupPosition.DEFINITIONS).begin(0, 0, 0, "");
                journal.turn();
            }
        }
        for (String name : List.of("a", "b", "c")) {
            start(name);
        }
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        assertEquals(1, published("a", 100, "m1"));
    }

    @Test
    void shouldHavePartitionsWithOneCopyAtTheirNodeAndKnownAtAll() throws Exception {
        form("a", "b", "c");
        define(100, map.of(1).get(1));
        until("all know", () -> allKnow(100, "b"));
        assertEquals(1, published("b", 100, "m1"));
        assertEquals("here", node("b").bound.get(100L));
        assertEquals("elsewhere", node("a").bound.get(100L));
        assertNull(node("a").table.here(100));
    }

    @Test
    void shouldTellNodesThatAreNotMembersWhoLeads() throws Exception {
        form("a", "b", "c", "d", "e");
        define(100, map.of(3).get(2));
        until("all five know", () -> allKnow(100, "c"));
        assertNull(node("a").table.here(100));
        assertEquals(1, published("c", 100, "m1"));
        kill("c");
        until("the others hear of the next", () -> List.of("d", "e").contains(leader(100)) && allKnow(100, leader(100)));
        start("c");
        until("and of the one that should", () -> allKnow(100, "c"));
    }

    @Test
    void shouldMoveALeadershipThatAnotherNodeAsksToEnd() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        assertEquals(1, published("a", 100, "m1"));
        assertTrue(node("c").groups.stepDown(node("c").leaders.group(100)));
        until("another leads", () -> allKnow(100, "b"));
        assertEquals(2, published("b", 100, "m2"));
        assertTrue(node("a").groups.standing(node("a").leaders.group(100), "c").current());
    }

    @Test
    void shouldMoveALeadershipToTheMemberThatIsNamed() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        assertEquals(1, published("a", 100, "m1"));
        assertTrue(node("b").groups.stepDown(group(0), "c"), "asked at a node that does not lead");
        until("c leads, and not b", () -> allKnow(100, "c"));
        assertEquals(2, published("c", 100, "m2"));
        assertTrue(node("c").groups.stepDown(group(0), "b"), "asked at the leader");
        until("b leads", () -> allKnow(100, "b"));
        pass(1_100); // what is shown is a second old
        assertEquals(1, wins("b", group(0)));
        kill("a");
        assertTrue(node("b").groups.stepDown(group(0), "a"));
        pass(3_000);
        assertTrue(leader(100).equals("b"), "it stays with the leader when the other is not in step within a second");
        assertEquals(3, published("b", 100, "m3"));
    }

    /** Who asks takes another one for the leader, perhaps the very one that is to lead. */
    @Test
    void shouldMoveALeadershipAlsoWhenWhoAsksHasAnOldViewOfTheLeader() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        for (String to : List.of("c", "b")) {
            until("a leads", () -> allKnow(100, "a"));
            node("b").leaders.leads(group(0), "c");
            assertTrue(node("b").groups.stepDown(group(0), to));
            until(to + " leads", () -> allKnow(100, to));
            assertTrue(node(to).groups.stepDown(group(0), "a"));
        }
    }

    @Test
    void shouldNotApplyWhatIsDecidedBeforeItsPartitionIsThere() throws Exception {
        form("a", "b", "c");
        until("a leads", () -> node("a").leaders.leaderOf(map.of(3).get(0).id()).equals("a"));
        Defined d = new Defined(100, map.of(3).get(0).id(), TestStreams.stream("s100", List.of("s.>"), 3));
        defined.add(d);
        create(node("a"), d);
        node("a").groups.handedOver(2);
        create(node("b"), d);
        node("b").groups.handedOver(2);
        pass(50);
        assertEquals(1, published("a", 100, "m1"));
        boolean[] there = new boolean[1];
        node("c").groups.whenThere(Set.of(100L), 2, () -> there[0] = true);
        pass(200);
        create(node("c"), d);
        node("c").groups.handedOver(2);
        pass(5);
        until("c has it too", () -> node("c").payloads(100).equals(List.of("m1")));
        assertTrue(there[0], "a said that it has the definition");
    }

    @Test
    void shouldNotApplyWhatALeaderDecidesWhileAnEventStillReachesItsPartitions() throws Exception {
        form("a", "b", "c");
        until("a leads", () -> node("a").leaders.leaderOf(map.of(3).get(0).id()).equals("a"));
        Defined d = new Defined(100, map.of(3).get(0).id(), TestStreams.stream("s100", List.of("s.>"), 3));
        defined.add(d);
        node("a").groups.handsOver(2); // a station with more partitions, of which the first one is there
        create(node("a"), d);
        pass(5);
        assertEquals(1, published("a", 100, "m1"));
        pass(200);
        for (String name : List.of("a", "b", "c")) {
            if (!name.equals("a")) {
                create(node(name), d);
            }
            node(name).groups.handedOver(2);
        }
        pass(5);
        until("all have it", () -> List.of("b", "c").stream().allMatch(name -> node(name).payloads(100).equals(List.of("m1"))));
    }

    private void hinder(String name, Hindrance what, boolean now) {
        node(name).loop.hindrances().of(what, now);
    }

    private long group(int which) {
        return map.of(3).get(which).id();
    }

    /** How often a node was elected in a group. */
    private long wins(String name, long group) {
        return node(name).loop.shown().stream().filter(status -> status.id() == group).findFirst().orElseThrow().wins();
    }

    @ParameterizedTest
    @EnumSource(value = Hindrance.class, names = {"NO_ROOM", "OPENS_AGAIN", "STOPS"})
    void shouldBeLedByOthersWhileTheOneThatShouldIsHindered(Hindrance what) throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        assertEquals(1, published("a", 100, "m1"));
        hinder("a", what, true);
        until("another leads", () -> allKnow(100, "b"));
        assertEquals(2, published("b", 100, "m2"));
        pass(2_000);
        long before = wins("a", group(0));
        pass(90_000); // three times as long as leadership waits to move back
        assertTrue(allKnow(100, "b"), "it stays there");
        assertEquals(before, wins("a", group(0)));
        hinder("a", what, false);
        until("and moves back", () -> allKnow(100, "a"));
    }

    @Test
    void shouldBeLedByAHinderedNodeWhenNobodyElseCan() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        hinder("b", Hindrance.OPENS_AGAIN, true);
        hinder("c", Hindrance.NO_ROOM, true);
        pass(100);
        kill("a");
        until("the one that is less hindered leads", () -> allKnow(100, "c"));
        assertEquals(1, published("c", 100, "m1"));
        start("a");
        until("the one that is not leads as soon as it can", () -> allKnow(100, "a"));
    }

    @Test
    void shouldPassOverAHinderedMemberWhenALeaderIsAskedToStepDown() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        hinder("b", Hindrance.NO_ROOM, true);
        pass(100);
        assertTrue(node("c").groups.stepDown(group(0)));
        until("the other leads", () -> allKnow(100, "c"));
        hinder("c", Hindrance.STOPS, true);
        until("the one that stops leads no more", () -> allKnow(100, "a"));
        assertTrue(node("b").groups.stepDown(group(0)));
        until("one without room rather than one that stops", () -> allKnow(100, "b"));
    }

    @Test
    void shouldStayWithTheLeaderWhenAllAreHinderedAlike() throws Exception {
        form("a", "b", "c");
        define(100, map.of(3).get(0));
        until("a leads", () -> allKnow(100, "a"));
        hinder("b", Hindrance.NO_ROOM, true);
        hinder("c", Hindrance.NO_ROOM, true);
        pass(100);
        hinder("a", Hindrance.NO_ROOM, true);
        pass(40_000);
        assertTrue(allKnow(100, "a"));
        assertEquals(1, wins("a", group(0)));
    }

    @Test
    void shouldHearOfHindrancesWhenALinkBeginsAndForgetThemWhenItEnds() throws Exception {
        form("a", "b", "c");
        hinder("a", Hindrance.NO_ROOM, true);
        hinder("a", Hindrance.STOPS, true);
        pass(100);
        assertEquals(Hindrance.STOPS, node("b").loop.hindrances().of("a"), "the worst is told");
        kill("b");
        start("b");
        until("b hears of it", () -> node("b").loop.hindrances().of("a") == Hindrance.STOPS);
        kill("a");
        until("another life of it is another one", () -> node("b").loop.hindrances().of("a") == Hindrance.NONE);
    }
}

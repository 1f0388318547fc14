package org.memphisee.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.cluster.raft.GroupMachine;
import org.memphisee.cluster.raft.GroupReplica;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.SimLinks;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.simulation.SeededWorld;
import org.memphisee.simulation.SimJournalFiles;

/** Three nodes with two groups each, in one thread. */
class NodeGroupsTest {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final JournalSettings JOURNAL = new JournalSettings(1 << 20, 4096, 64 << 10, 1 << 20, 1 << 16, 8L << 20, 0, 8);
    private static final long MILLIS = 1_000_000;

    private final Map<String, Node> nodes = new TreeMap<>();
    private SimLinks links;

    private static final class Node {
        private final SeededWorld world;
        private final SimJournalFiles disk;
        private final NodeGroups groups;
        private final Map<Long, Words> words = new TreeMap<>();
        private final List<String> reports = new ArrayList<>();
        private RaftJournal journal;
        private boolean closed;

        private Node(String name) throws JournalException {
            world = new SeededWorld(name.hashCode());
            disk = new SimJournalFiles(name.hashCode());
            journal = RaftJournal.open(disk, JOURNAL, world.clock(), world.random());
            groups = new NodeGroups(name, world.clock(), journal, ReplicaSettings.DEFAULT, world.random(), new NodeReport() {
                @Override
                public void notUnderstood(String peer, String why) {
                    reports.add(why);
                }

                @Override
                public void groupFailed(long group, String why, Throwable cause) {
                    reports.add("group " + group + ": " + why);
                }

                @Override
                public void unexpected(Throwable cause) {
                    reports.add(cause.toString());
                }
            });
            for (long group : new long[] {11, 12}) {
                journal.group(group).begin(0, 0, 0, "");
                Words here = new Words(group);
                words.put(group, here);
                groups.resume(() -> {
                    try {
                        groups.join(here);
                    } catch (JournalException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            journal.start(world);
            groups.start(world);
        }
    }

    /** A group of words in their order. */
    private static final class Words implements GroupSeat, GroupMachine {
        private final long number;
        private final ArrayDeque<String> waiting = new ArrayDeque<>();
        private final List<String> applied = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private String broken = "";
        private String leader = "";

        private Words(long number) {
            this.number = number;
        }

        @Override
        public long group() {
            return number;
        }

        @Override
        public List<String> members() {
            return NAMES;
        }

        @Override
        public GroupMachine machine() {
            return this;
        }

        @Override
        public boolean turn(GroupReplica replica, long now) {
            leader = replica.leader();
            if (waiting.isEmpty() || !replica.propose(waiting.peek().getBytes(StandardCharsets.UTF_8), committed -> { })) {
                return false;
            }
            waiting.poll();
            return true;
        }

        @Override
        public long due() {
            return Long.MAX_VALUE;
        }

        @Override
        public void failed(String why) {
            told.add("failed");
        }

        @Override
        public void stopped() {
            told.add("stopped");
        }

        @Override
        public byte[] opening(long term) {
            return new byte[0];
        }

        @Override
        public void apply(long index, long term, byte[] bytes, int offset, int length) {
            String word = new String(bytes, offset, length, StandardCharsets.UTF_8);
            if (!word.isEmpty()) {
                if (word.equals(broken)) {
                    throw new IllegalStateException("cannot apply " + word);
                }
                applied.add(word);
            }
        }

        @Override
        public void leads(long term) { }

        @Override
        public void follows() { }

        @Override
        public void behind() { }
    }

    @BeforeEach
    void begin() throws JournalException {
        for (String name : NAMES) {
            nodes.put(name, new Node(name));
        }
        links = new SimLinks(1, name -> nodes.get(name).groups, NAMES.toArray(String[]::new));
        nodes.forEach((name, node) -> node.groups.over(links.links(name)));
        until("a leads both", () -> nodes.values().stream().allMatch(node -> node.words.get(11L).leader.equals("a")
            && node.words.get(12L).leader.equals("a")));
    }

    private void pass(long millis) {
        for (long i = 0; i < millis; i += 5) {
            links.pass(5);
            nodes.values().stream().filter(node -> !node.closed).forEach(node -> node.world.pass(5 * MILLIS));
        }
    }

    private void until(String what, BooleanSupplier condition) {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertTrue(i < 12_000, () -> "not within a minute: " + what + " " + nodes.values().stream()
                .map(node -> node.words.values()
                .stream().map(words -> words.leader + words.applied + words.told).toList() + "" + node.reports).toList());
            pass(5);
        }
    }

    private void say(String node, long group, String word) {
        nodes.get(node).groups.resume(() -> nodes.get(node).words.get(group).waiting.add(word));
    }

    private boolean have(long group, String word, String... names) {
        return List.of(names).stream().allMatch(name -> nodes.get(name).words.get(group).applied.contains(word));
    }

    @Test
    void shouldApplyTheSameWordsOnAllNodesInEachGroup() {
        for (int i = 0; i < 50; i++) {
            say("a", 11, "x" + i);
            say("a", 12, "y" + i);
        }
        until("all have the last", () -> have(11, "x49", "a", "b", "c") && have(12, "y49", "a", "b", "c"));
        for (String name : NAMES) {
            assertEquals(nodes.get("a").words.get(11L).applied, nodes.get(name).words.get(11L).applied);
            assertEquals(50, nodes.get(name).words.get(12L).applied.size());
            assertEquals(List.of(), nodes.get(name).reports);
        }
    }

    @Test
    void shouldGoOnWithOtherGroupsWhenOneFails() {
        nodes.get("b").words.get(12L).broken = "poison";
        say("a", 12, "poison");
        until("it failed", () -> nodes.get("b").words.get(12L).told.contains("failed"));
        assertEquals(List.of("group 12: an entry could not be applied"), nodes.get("b").reports);
        say("a", 11, "on");
        say("a", 12, "too");
        until("b goes on with the other, and the others with that", () -> have(11, "on", "a", "b", "c")
            && have(12, "too", "a", "c"));
        assertFalse(have(12, "too", "b"));
        assertEquals(List.of("failed"), nodes.get("b").words.get(12L).told);
    }

    @Test
    void shouldEndGroupsWithTheJournalAndTellAll() {
        nodes.get("b").disk.failWriteIn(1);
        say("a", 11, "on");
        until("both failed", () -> nodes.get("b").words.values().stream().allMatch(words -> words.told.contains("failed")));
        until("the others go on", () -> have(11, "on", "a", "c"));
    }

    @Test
    void shouldTellEverybodyWhenItStopsAndTakeNothingAfterwards() {
        long[] ran = new long[1];
        Node a = nodes.get("a");
        a.groups.resume(() -> ran[0]++);
        a.groups.close();
        a.closed = true;
        assertEquals(1, ran[0]);
        assertFalse(a.groups.resume(() -> ran[0]++));
        assertEquals(1, ran[0]);
        assertEquals(List.of("stopped"), a.words.get(11L).told);
        long stopped = links.now();
        until("another leads", () -> nodes.get("b").words.get(11L).leader.matches("[bc]"));
        assertTrue(links.now() - stopped < 1_000 * MILLIS, "nobody waits for a leader that resigned: " + (links.now() - stopped));
    }

    @Test
    void shouldSaySoWhenItDoesNotUnderstandAndBeDoneWithTheFrame() {
        Node a = nodes.get("a");
        int[] done = new int[1];
        for (byte[] bytes : List.of(new byte[] {1}, new byte[] {2, 1}, new byte[] {1, 99}, new byte[] {1, 31, 0})) {
            a.groups.received("b", Traffic.CONTROL, new PeerFrame() {
                @Override
                public byte[] bytes() {
                    return bytes;
                }

                @Override
                public void done() {
                    done[0]++;
                }
            });
        }
        pass(5);
        assertEquals(4, done[0]);
        assertEquals(4, a.reports.size(), a.reports::toString);
    }

    /** Counts frames. */
    private static final class Counting implements NodeService {
        private final Set<Integer> kinds;
        private int heard;

        private Counting(Integer... kinds) {
            this.kinds = Set.of(kinds);
        }

        @Override
        public Set<Integer> kinds() {
            return kinds;
        }

        @Override
        public void linked(String peer, PeerIdentity who) { }

        @Override
        public void unlinked(String peer) { }

        @Override
        public void received(String peer, int kind, PeerFrame frame, long now) {
            heard++;
            frame.done();
        }

        @Override
        public long turn(long now) {
            return Long.MAX_VALUE;
        }

        @Override
        public void stopped() { }
    }

    @Test
    void shouldRefuseAServiceThatWouldNotHearItsFrames() {
        NodeGroups a = nodes.get("a").groups;
        Counting first = new Counting(90, 91);
        a.serve(first);
        KindTakenException taken = assertThrows(KindTakenException.class, () -> a.serve(new Counting(92, 91)));
        assertTrue(taken.getMessage().contains("91") && taken.getMessage().contains(Counting.class.getName()), taken.getMessage());
        for (int kind : new int[] {31, 48, 63, 128, -1}) { // of groups, of routes, not a byte
            assertThrows(KindTakenException.class, () -> a.serve(new Counting(kind)), () -> "kind " + kind);
        }
        Counting second = new Counting(92);
        a.serve(second); // nothing of the refused one is left
        nodes.get("b").groups.send("a", Traffic.CONTROL, NodeFrames.begin(91, 0).array());
        nodes.get("b").groups.send("a", Traffic.CONTROL, NodeFrames.begin(92, 0).array());
        until("each has heard its own", () -> first.heard == 1 && second.heard == 1);
    }
}

package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeReport;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.link.SimLinks;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.simulation.SeededWorld;
import org.memphisee.simulation.SimJournalFiles;

/** What nodes tell each other of connections, in one thread; links break and nodes are started anew. */
class PresenceNewsTest {

    private static final JournalSettings JOURNAL = new JournalSettings(1 << 20, 4096, 64 << 10, 1 << 20, 1 << 16, 8L << 20, 0, 8);
    private static final long MILLIS = 1_000_000;
    private static final List<String> NAMES = List.of("a", "b");

    private final Map<String, Node> nodes = new TreeMap<>();
    private SimLinks links;

    /** One life of a node. */
    private static final class Node implements PresenceNews.Listener {
        private final SeededWorld world;
        private final NodeGroups groups;
        private final PresenceNews presence;
        private final List<String> reports = new ArrayList<>();
        private final Set<String> there = new TreeSet<>();
        private final Set<String> maybe = new TreeSet<>();
        private Set<String> unheard = Set.of();

        private Node(String name) throws JournalException {
            world = new SeededWorld(name.hashCode());
            RaftJournal journal = RaftJournal.open(new SimJournalFiles(name.hashCode()), JOURNAL, world.clock(), world.random());
            NodeReport report = new NodeReport() {
                @Override
                public void notUnderstood(String peer, String why) {
                    reports.add(why);
                }

                @Override
                public void groupFailed(long group, String why, Throwable cause) {
                    reports.add(why);
                }

                @Override
                public void unexpected(Throwable cause) {
                    reports.add(cause.toString());
                }
            };
            groups = new NodeGroups(name, world.clock(), journal, ReplicaSettings.DEFAULT, world.random(), report);
            presence = new PresenceNews(groups, NAMES, report);
            journal.start(world);
            groups.start(world);
        }

        @Override
        public void opened(String id, String address) {
            assertEquals(id + ":1", address);
            assertEquals(true, there.add(id), id + " is there twice");
            maybe.remove(id);
        }

        @Override
        public void closed(String id, boolean lost) {
            assertEquals(true, there.remove(id), id + " was not there");
            if (lost) {
                maybe.add(id);
            }
        }

        @Override
        public void gone(String id) {
            assertEquals(true, maybe.remove(id), id + " was not lost");
        }

        @Override
        public void unheard(Set<String> names) {
            unheard = names;
        }
    }

    @BeforeEach
    void begin() throws JournalException {
        for (String name : NAMES) {
            nodes.put(name, new Node(name));
        }
        links = new SimLinks(1, name -> nodes.get(name).groups, "a", "b");
        nodes.forEach((name, node) -> node.groups.over(links.links(name)));
    }

    private Node a() {
        return nodes.get("a");
    }

    private Node b() {
        return nodes.get("b");
    }

    private void pass(long millis) {
        for (long i = 0; i < millis; i += 5) {
            links.pass(5);
            nodes.values().forEach(node -> node.world.pass(5 * MILLIS));
        }
    }

    private void assertSees(Node node, Set<String> there, Set<String> maybe, Set<String> unheard) {
        assertEquals(List.of(there, maybe, unheard), List.of(node.there, node.maybe, node.unheard));
    }

    @Test
    void shouldTellWhatIsThereAndWhatChanges() {
        a().presence.changed("before", "before:1", true);
        b().presence.tell(b());
        assertSees(b(), Set.of(), Set.of(), Set.of("a"));
        pass(2_000);
        assertSees(b(), Set.of("before"), Set.of(), Set.of());
        a().presence.changed("twice", "twice:1", true);
        a().presence.changed("twice", "twice:1", true);
        a().presence.changed("short", "short:1", true);
        a().presence.changed("short", "", false);
        pass(100);
        assertSees(b(), Set.of("before", "twice"), Set.of(), Set.of());
        a().presence.changed("twice", "", false);
        a().presence.changed("before", "", false);
        pass(100);
        assertSees(b(), Set.of("twice"), Set.of(), Set.of());
        a().presence.changed("twice", "", false);
        pass(100);
        assertSees(b(), Set.of(), Set.of(), Set.of());
        assertEquals(List.of(), b().reports);
    }

    @Test
    void shouldKeepWhatItHeardUntilThereIsWhoWantsIt() {
        a().presence.changed("early", "early:1", true);
        pass(2_000);
        b().presence.tell(b());
        pass(5);
        assertSees(b(), Set.of("early"), Set.of(), Set.of());
    }

    @Test
    void shouldTakeConnectionsForLostWithTheLinkAndKnowWhatBecameOfThemWithTheNext() {
        b().presence.tell(b());
        a().presence.changed("stays", "stays:1", true);
        a().presence.changed("goes", "goes:1", true);
        pass(2_000);
        links.cut("a", "b");
        links.cut("b", "a");
        pass(3_000);
        assertSees(b(), Set.of(), Set.of("goes", "stays"), Set.of("a"));
        a().presence.changed("goes", "", false);
        a().presence.changed("comes", "comes:1", true);
        pass(100);
        links.healAll();
        pass(3_000);
        assertSees(b(), Set.of("comes", "stays"), Set.of(), Set.of());
    }

    @Test
    void shouldExpectThoseOfANodeThatWasStartedAnew() throws JournalException {
        b().presence.tell(b());
        a().presence.changed("one", "one:1", true);
        a().presence.changed("two", "two:1", true);
        pass(2_000);
        links.kill("a");
        pass(100);
        assertSees(b(), Set.of(), Set.of("one", "two"), Set.of("a"));
        nodes.put("a", new Node("a"));
        links.start("a");
        a().groups.over(links.links("a"));
        a().presence.changed("other", "other:1", true);
        pass(3_000);
        assertSees(b(), Set.of("other"), Set.of("one", "two"), Set.of());
        a().presence.changed("two", "two:1", true);
        pass(100);
        assertSees(b(), Set.of("other", "two"), Set.of("one"), Set.of());
    }

    @Test
    void shouldSaySoWhenItDoesNotUnderstandAndTakeNothingOfIt() {
        b().presence.tell(b());
        pass(2_000);
        for (byte[] bytes : List.of(new byte[] {}, new byte[] {1, 0, 0, 0, 2, 0, 1, 'x'}, new byte[] {1, 0, 0, 0, 1, 0, 5, 'x'})) {
            a().groups.send("b", Traffic.CONTROL, NodeFrames.begin(PresenceNews.PRESENCE, bytes.length).put(bytes).array());
        }
        pass(100);
        assertEquals(3, b().reports.size(), b().reports::toString);
        assertSees(b(), Set.of(), Set.of(), Set.of());
    }
}

package org.memphisee.core.cluster.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.election.ElectionMessage.Beat;
import org.memphisee.core.cluster.election.ElectionMessage.BeatAnswer;
import org.memphisee.core.cluster.election.ElectionMessage.Resigned;
import org.memphisee.core.cluster.election.GroupElection.Role;
import org.memphisee.core.cluster.election.NodeBeats.GroupBeat;

/** Beats of many groups between few nodes. */
class NodeBeatsTest {

    private static final long MILLIS = 1_000_000;
    private static final List<String> NODES = List.of("a", "b", "c");
    private static final int GROUPS = 8;

    private final Map<String, NodeBeats> beats = new TreeMap<>();
    private final Map<String, Map<Long, GroupElection>> elections = new TreeMap<>();
    private final List<Runnable> network = new ArrayList<>();
    private final Map<String, Integer> messages = new HashMap<>();
    private long now;

    /** A log on a disk that is done at once. */
    private static final class QuickLog implements ElectionLog {
        private long term;
        private String vote = "";
        private long tickets;

        @Override
        public boolean complete() {
            return true;
        }

        @Override
        public long term() {
            return term;
        }

        @Override
        public String vote() {
            return vote;
        }

        @Override
        public long lastIndex() {
            return 0;
        }

        @Override
        public long lastTerm() {
            return 0;
        }

        @Override
        public long put(long newTerm, String newVote) {
            term = newTerm;
            vote = newVote;
            return ++tickets;
        }
    }

    private GroupElection member(String node, long group) {
        ElectionPort port = new ElectionPort() {
            @Override
            public void send(String member, ElectionMessage message) {
                if (!beats.get(node).take(member, group, message)) {
                    network.add(() -> elections.get(member).get(group).received(node, message, now));
                }
            }

            @Override
            public void leads(long term) { }

            @Override
            public void stepsDown(long term) { }
        };
        return new GroupElection(node, NODES, ElectionSettings.DEFAULT, new QuickLog(), port, new SplittableRandom(group), now);
    }

    private void flush(String node) {
        beats.get(node).flush((peer, gathered) -> {
            messages.merge(node + ">" + peer, 1, Integer::sum);
            network.add(() -> gathered.forEach(beat -> elections.get(peer).get(beat.group()).received(node, beat.message(), now)));
        });
    }

    private void step() {
        now += 10 * MILLIS;
        elections.values().forEach(each -> each.values().forEach(election -> {
            if (election.due() <= now) {
                election.tick(now);
            }
            election.durable(Long.MAX_VALUE, now);
        }));
        for (int rounds = 0; rounds < 5; rounds++) {
            NODES.forEach(this::flush);
            List<Runnable> arriving = List.copyOf(network);
            network.clear();
            arriving.forEach(Runnable::run);
            elections.values().forEach(each -> each.values().forEach(election -> election.durable(Long.MAX_VALUE, now)));
        }
    }

    @Test
    void shouldSendOneMessageToEachPeerForAllGroups() {
        for (String node : NODES) {
            beats.put(node, new NodeBeats());
            elections.put(node, new TreeMap<>());
            for (long group = 1; group <= GROUPS; group++) {
                elections.get(node).put(group, member(node, group));
            }
        }
        for (int i = 0; i < 400; i++) {
            step();
        }
        for (long group = 1; group <= GROUPS; group++) {
            assertEquals(Role.LEADER, elections.get("a").get(group).role());
        }
        messages.clear();
        for (int i = 0; i < 1_000; i++) {
            step();
        }
        for (String peer : List.of("b", "c")) {
            int sent = messages.get("a>" + peer);
            assertTrue(sent >= 95 && sent <= 105, sent + " messages in ten seconds");
            assertEquals(sent, messages.get(peer + ">a"), "answers are gathered as well");
        }
        for (long group = 1; group <= GROUPS; group++) {
            assertEquals(Role.LEADER, elections.get("a").get(group).role());
            assertTrue(elections.get("a").get(group).leasedUntil(now) > now);
        }
    }

    @Test
    void shouldKeepOnlyTheNewestOfAGroup() {
        NodeBeats node = new NodeBeats();
        assertTrue(node.take("b", 1, new Beat(3, 10)));
        assertTrue(node.take("b", 1, new Beat(3, 20)));
        assertTrue(node.take("b", 1, new BeatAnswer(3, 5)));
        assertTrue(node.take("b", 2, new Beat(1, 20)));
        assertTrue(node.take("b", 2, new Beat(0, 30)), "of an older term");
        assertFalse(node.take("b", 1, new Resigned(3)));
        List<List<GroupBeat>> sent = new ArrayList<>();
        node.flush((peer, gathered) -> sent.add(gathered));
        node.flush((peer, gathered) -> sent.add(gathered));
        assertEquals(List.of(List.of(new GroupBeat(1, new Beat(3, 20)), new GroupBeat(1, new BeatAnswer(3, 5)),
            new GroupBeat(2, new Beat(1, 20)))), sent);
        assertThrows(IllegalArgumentException.class, () -> new GroupBeat(1, new Resigned(3)));
    }
}

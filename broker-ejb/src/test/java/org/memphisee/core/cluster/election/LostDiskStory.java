package org.memphisee.core.cluster.election;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.memphisee.core.cluster.election.GroupElection.Role;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.simulation.SimLinks;

/**
 * Five members of which one after the other loses its disk, and is rebuilt by a leader that was elected after that, as nodes do
 * it: two leaders in a term would be the forgotten vote's.
 */
final class LostDiskStory {

    private static final int STEPS = 900;
    private static final long MILLIS = 1_000_000;
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    private final Random chance;
    private final SimLinks<ElectionMessage> links;
    private final Map<String, ElectionNode> nodes = new TreeMap<>();
    private final Map<Long, String> leaders = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Set<String> cut = new HashSet<>();
    private final Map<String, Queue<SimLinks.Flight<ElectionMessage>>> inboxes = new HashMap<>();
    private long now;

    LostDiskStory(long seed) {
        chance = new Random(seed);
        links = new SimLinks<>(seed);
        for (String name : NAMES) {
            nodes.put(name, new ElectionNode(name, NAMES, port(name), seed));
        }
    }

    private ElectionPort port(String name) {
        return new ElectionPort() {
            @Override
            public void send(String member, ElectionMessage message) {
                links.send(name, member, message, now);
            }

            @Override
            public void leads(long term) {
                assertNull(leaders.putIfAbsent(term, name), "two lead in term " + term);
                count("elections");
            }

            @Override
            public void stepsDown(long term) { }
        };
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    Map<String, Integer> counts() {
        return counts;
    }

    void run() throws JournalException {
        for (ElectionNode node : nodes.values()) {
            node.start(now);
        }
        for (int i = 0; i < STEPS; i++) {
            if (chance.nextInt(15) == 0) {
                harm();
            }
            step();
        }
    }

    private void step() throws JournalException {
        now += (1 + chance.nextInt(20)) * MILLIS;
        for (SimLinks.Flight<ElectionMessage> flight : links.arrived(now)) {
            if (nodes.get(flight.to()).alive) {
                inboxes.computeIfAbsent(flight.to(), name -> new ArrayDeque<>()).add(flight);
            }
        }
        for (ElectionNode node : nodes.values()) {
            if (awake(node)) {
                Queue<SimLinks.Flight<ElectionMessage>> inbox = inboxes.getOrDefault(node.name, new ArrayDeque<>());
                while (!inbox.isEmpty()) { // a process that stood still finds what came meanwhile
                    node.election.received(inbox.peek().from(), inbox.poll().message(), node.clock(now));
                }
                if (node.election.due() <= node.clock(now)) {
                    node.election.tick(node.clock(now));
                }
                if (chance.nextInt(3) > 0) {
                    node.write(now);
                }
                rebuild(node);
            }
        }
    }

    private boolean awake(ElectionNode node) {
        return node.alive && node.pausedUntil <= now;
    }

    private void rebuild(ElectionNode node) throws JournalException {
        if (node.complete()) {
            return;
        }
        for (ElectionNode peer : nodes.values()) {
            if (peer == node || !awake(peer) || cut.contains(peer.name) != cut.contains(node.name)) {
                continue;
            }
            node.noted.putIfAbsent(peer.name, peer.term());
            if (peer.election.role() == Role.LEADER && peer.complete()) {
                if (peer.term() <= node.noted.get(peer.name)) {
                    peer.election.resign(peer.clock(now)); // it may have been elected by what is forgotten
                } else {
                    node.rebuild(peer, now);
                    count(node.complete() ? "rebuilt" : "waits");
                    return;
                }
            }
        }
    }

    /** What must come together for it is made likely: candidates that stand still, and voters of theirs that lose their disk. */
    private void harm() throws JournalException {
        ElectionNode node = nodes.get(NAMES.get(chance.nextInt(NAMES.size())));
        switch (chance.nextInt(12)) {
            case 0, 1 -> links.weather((1 + chance.nextInt(1_000)) * MILLIS, chance.nextInt(50), 0);
            case 2 -> links.weather((1 + chance.nextInt(20)) * MILLIS, 0, 0);
            case 3 -> split(node.name, NAMES.get(chance.nextInt(NAMES.size())));
            case 4, 5 -> split();
            case 6, 7, 8 -> nodes.values().stream().filter(each -> awake(each) && each.election.role() == Role.CANDIDATE).findFirst()
                .ifPresent(each -> each.pausedUntil = now + chance.nextInt(6_000) * MILLIS);
            case 9 -> nodes.values().stream().filter(each -> awake(each) && each.election.role() == Role.LEADER).findFirst()
                .ifPresent(each -> each.election.resign(each.clock(now)));
            default -> lose();
        }
    }

    /** One at a time: five promise no more. */
    private void lose() throws JournalException {
        if (!nodes.values().stream().allMatch(each -> each.alive && each.complete())) {
            return;
        }
        ElectionNode voter = nodes.values().stream().filter(each -> !each.vote().isEmpty() && !each.vote().equals(each.name)
            && !awake(nodes.get(each.vote()))).findFirst().orElse(null);
        if (voter != null) {
            voter.end(false);
            voter.loseDisk();
            voter.start(now);
            inboxes.remove(voter.name);
            count("lost");
        }
    }

    /** These reach each other and nobody else; what is on its way arrives. */
    private void split(String... apart) {
        links.heal();
        cut.clear();
        cut.addAll(List.of(apart));
        for (String one : NAMES) {
            for (String other : NAMES) {
                if (cut.contains(one) != cut.contains(other)) {
                    links.cut(one, other);
                }
            }
        }
    }
}

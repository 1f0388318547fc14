package org.memphisee.core.cluster.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.memphisee.core.cluster.election.ElectionMessage.Vote;
import org.memphisee.core.cluster.election.ElectionMessage.VoteAnswer;
import org.memphisee.core.cluster.election.GroupElection.Role;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.simulation.SimJournalFiles;
import org.memphisee.simulation.SimLinks;

/** Members that elect, on a bad network, with disks that lose power. */
final class ElectionStory {

    private static final int STEPS = 900;
    private static final long MILLIS = 1_000_000;
    private static final long HEALED_NANOS = 9_000 * MILLIS;

    private final Random chance;
    private final SimLinks<ElectionMessage> links;
    private final Map<String, ElectionNode> nodes = new TreeMap<>();
    private final List<String> names;
    private final Map<Long, String> leaders = new HashMap<>();
    /** Whom a member gave its vote, by member and term. */
    private final Map<String, String> votes = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private long now;

    ElectionStory(long seed) {
        chance = new Random(seed);
        links = new SimLinks<>(seed);
        names = IntStream.range(0, chance.nextInt(4) == 0 ? 5 : 3).mapToObj(i -> "memphis-" + i).toList();
        for (String name : names) {
            nodes.put(name, new ElectionNode(name, names, port(name), seed));
        }
    }

    private ElectionPort port(String name) {
        return new ElectionPort() {
            @Override
            public void send(String member, ElectionMessage message) {
                if (message instanceof Vote vote) {
                    voted(name, vote.term(), name);
                } else if (message instanceof VoteAnswer answer && answer.granted()) {
                    voted(name, answer.term(), member);
                }
                links.send(name, member, message, now);
            }

            @Override
            public void leads(long term) {
                String other = leaders.putIfAbsent(term, name);
                assertNull(other, "two lead in term " + term);
                count("elections");
                ElectionNode leader = nodes.get(name);
                long notBetter = nodes.values().stream().filter(node -> !node.alive || node.lastTerm() < leader.lastTerm()
                    || node.lastTerm() == leader.lastTerm() && node.lastIndex() <= leader.lastIndex()).count();
                assertTrue(notBetter > names.size() / 2, name + " leads with a log that is behind a majority's");
            }

            @Override
            public void stepsDown(long term) {
                count("steps down");
            }
        };
    }

    private void voted(String voter, long term, String candidate) {
        String other = votes.putIfAbsent(voter + " " + term, candidate);
        assertTrue(other == null || other.equals(candidate), voter + " votes for " + other + " and " + candidate + " in " + term);
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
            if (chance.nextInt(30) == 0) {
                harm();
            }
            step();
        }
        heal();
    }

    private void step() throws JournalException {
        now += (1 + chance.nextInt(20)) * MILLIS;
        for (SimLinks.Flight<ElectionMessage> flight : links.arrived(now)) {
            ElectionNode node = nodes.get(flight.to());
            if (awake(node)) {
                node.election.received(flight.from(), flight.message(), node.clock(now));
            }
        }
        for (ElectionNode node : nodes.values()) {
            if (awake(node)) {
                turn(node);
            }
        }
        leases();
    }

    private boolean awake(ElectionNode node) {
        return node.alive && node.pausedUntil <= now;
    }

    private void turn(ElectionNode node) throws JournalException {
        if (node.disk.dead()) {
            node.end(chance.nextBoolean());
            return;
        }
        long clock = node.clock(now);
        if (node.election.due() <= clock) {
            node.election.tick(clock);
        }
        if (node.election.role() == Role.LEADER && chance.nextInt(10) == 0) {
            try {
                node.append();
            } catch (JournalException e) {
                count("not appended");
            }
        }
        if (chance.nextInt(3) > 0) {
            node.write(now);
        }
    }

    /** Whoever has a lease is right that nobody leads after it. */
    private void leases() {
        for (ElectionNode holder : nodes.values()) {
            if (awake(holder) && holder.election.leasedUntil(holder.clock(now)) >= holder.clock(now)) {
                count("leases");
                for (ElectionNode other : nodes.values()) {
                    assertTrue(!other.alive || other.election.role() != Role.LEADER || other.term() <= holder.term(),
                        () -> holder.name + " has a lease in " + holder.term() + ", " + other.name + " leads in " + other.term());
                }
            }
        }
    }

    private void harm() throws JournalException {
        ElectionNode node = nodes.get(names.get(chance.nextInt(names.size())));
        String other = names.get(chance.nextInt(names.size()));
        switch (chance.nextInt(13)) {
            case 0 -> links.weather((1 + chance.nextInt(2_000)) * MILLIS, chance.nextInt(40), chance.nextInt(20));
            case 1, 2 -> links.weather((1 + chance.nextInt(20)) * MILLIS, 0, 0);
            case 3 -> links.cut(node.name, other);
            case 4 -> names.forEach(each -> {
                links.cut(node.name, each);
                links.cut(each, node.name);
            });
            case 5, 6 -> links.heal();
            case 7 -> node.pausedUntil = now + chance.nextInt(4_000) * MILLIS;
            case 8 -> {
                if (node.alive) {
                    node.disk.crashIn(1 + chance.nextInt(6));
                    count("crash");
                }
            }
            case 9 -> {
                if (node.alive && node.election.role() == Role.LEADER) {
                    node.end(false);
                    nodes.values().stream().filter(this::awake).forEach(each -> each.election.gone(node.name, each.clock(now)));
                    count("known to be gone");
                }
            }
            case 10 -> {
                if (awake(node)) {
                    node.election.transfer(other);
                }
                if (awake(node) && chance.nextInt(4) == 0) {
                    node.election.resign(node.clock(now));
                }
            }
            case 11 -> {
                node.hindrance = Hindrance.values()[chance.nextInt(Hindrance.values().length)];
                count("hindered");
            }
            default -> {
                for (ElectionNode each : nodes.values()) {
                    restart(each);
                }
            }
        }
    }

    private void restart(ElectionNode node) throws JournalException {
        if (!node.alive) {
            try {
                node.start(now);
            } catch (SimJournalFiles.Ended e) {
                node.end(true);
            }
        }
    }

    /** Everything is well again: soon all follow one. */
    private void heal() throws JournalException {
        links.heal();
        links.weather(2 * MILLIS, 0, 0);
        for (ElectionNode node : nodes.values()) {
            node.pausedUntil = 0;
            if (node.alive) {
                node.end(true);
            }
            node.start(now);
        }
        long end = now + HEALED_NANOS;
        while (now < end) {
            step();
        }
        String all = nodes.values().stream().map(node -> node.name + " " + node.election.role() + " " + node.term() + " "
            + node.election.leader()).collect(Collectors.joining(", "));
        assertEquals(1, nodes.values().stream().filter(node -> node.election.role() == Role.LEADER).count(), all);
        assertEquals(1, nodes.values().stream().map(node -> node.election.leader() + node.term()).distinct().count(), all);
    }
}

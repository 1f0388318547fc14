package org.memphisee.cluster.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.memphisee.core.cluster.election.ElectionMessage.Vote;
import org.memphisee.core.cluster.election.ElectionMessage.VoteAnswer;
import org.memphisee.core.cluster.election.ElectionSettings;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.simulation.SimJournalFiles;
import org.memphisee.simulation.SimLinks;

/** Members that agree on registers, on a bad network, with disks that lose power, are full, fail and are lost. */
final class ReplicaStory {

    private static final int STEPS = 900;
    private static final long MILLIS = 1_000_000;
    private static final long HEALED_NANOS = 25_000 * MILLIS;
    private static final ReplicaSettings SETTINGS =
        new ReplicaSettings(ElectionSettings.DEFAULT, 200 * MILLIS, 2_000 * MILLIS, 1_000 * MILLIS);

    private final Random chance;
    private final SimLinks<GroupMessage> links;
    private final Map<String, ReplicaNode> nodes = new TreeMap<>();
    private final List<String> names;
    private final Map<Long, String> leaders = new HashMap<>();
    private final Map<String, String> votes = new HashMap<>();
    /** What was made, by index and term. */
    private final Map<String, byte[]> made = new HashMap<>();
    /** What was applied, by whomever first, by index; and in which term it was made. */
    private final Map<Long, byte[]> decided = new HashMap<>();
    private final Map<Long, Long> terms = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private long number;
    /** Highest index that somebody was told to be committed. */
    private long told;
    private boolean healed;
    private long now;

    ReplicaStory(long seed) {
        chance = new Random(seed);
        links = new SimLinks<>(seed);
        names = IntStream.range(0, chance.nextInt(4) == 0 ? 5 : 3).mapToObj(i -> "memphis-" + i).toList();
        for (String name : names) {
            nodes.put(name, new ReplicaNode(name, names, SETTINGS, seed));
        }
    }

    Map<String, Integer> counts() {
        return counts;
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    // ---- what must hold

    private GroupLinks links(ReplicaNode node) {
        return (member, message) -> {
            checkSent(node, member, message);
            links.send(node.name, member, message, now);
        };
    }

    private void checkSent(ReplicaNode node, String member, GroupMessage message) {
        if (message instanceof GroupMessage.Elect elect && elect.message() instanceof Vote vote) {
            voted(node, vote.term(), node.name);
        } else if (message instanceof GroupMessage.Elect elect && elect.message() instanceof VoteAnswer answer && answer.granted()) {
            voted(node, answer.term(), member);
        } else if (message instanceof GroupMessage.Answer answer) {
            assertEquals(Standing.COMPLETE, node.group.standing(), () -> "I9: " + node.name + " answers");
            assertTrue(!answer.matched() || node.group.durableIndex() >= answer.index(),
                () -> "I8: " + node.name + " answers " + answer + " with " + node.group.durableIndex() + " on its disk");
        } else if (message instanceof GroupMessage.Append append) {
            long index = append.prevIndex();
            for (GroupMessage.Item item : append.entries()) {
                index++;
                byte[] bytes = Arrays.copyOfRange(item.bytes(), item.offset(), item.offset() + item.length());
                byte[] other = made.putIfAbsent(index + " " + item.term(), bytes);
                assertTrue(other == null || Arrays.equals(other, bytes), "I2: two entries at " + index + " of term " + item.term());
            }
        } else if (message instanceof GroupMessage.Behind) {
            count("behind");
        }
    }

    private void voted(ReplicaNode voter, long term, String candidate) {
        assertEquals(Standing.COMPLETE, voter.group.standing(), () -> "I9: " + voter.name + " votes");
        String other = votes.putIfAbsent(voter.name + " " + term, candidate);
        assertTrue(other == null || other.equals(candidate),
            () -> voter.name + " votes for " + other + " and " + candidate + " in " + term);
    }

    private GroupMachine machine(ReplicaNode node) {
        return new GroupMachine() {
            @Override
            public byte[] opening(long term) {
                assertNull(leaders.putIfAbsent(term, node.name), () -> "I1: two lead in term " + term);
                count("elections");
                return Register.opening(term);
            }

            @Override
            public void apply(long index, long term, byte[] bytes, int offset, int length) {
                byte[] entry = Arrays.copyOfRange(bytes, offset, offset + length);
                byte[] other = decided.putIfAbsent(index, entry);
                assertTrue(other == null || Arrays.equals(other, entry), () -> "I4: " + node.name + " applies another entry " + index);
                Long otherTerm = terms.putIfAbsent(index, term);
                assertTrue(otherTerm == null || otherTerm == term, () -> "I4: entry " + index + " of " + otherTerm + " and " + term);
                node.register.apply(index, bytes, offset, length);
            }

            @Override
            public void leads(long term) {
                assertTrue(node.register.applied() >= told, () -> "I3: " + node.name + " leads in " + term + " and has applied "
                    + node.register.applied() + " of " + told);
            }

            @Override
            public void follows() {
                count("steps down");
            }

            @Override
            public void behind() {
                node.behind = true;
            }
        };
    }

    // ---- what happens

    void run() throws JournalException {
        for (ReplicaNode node : nodes.values()) {
            node.start(now, machine(node), links(node));
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
        for (SimLinks.Flight<GroupMessage> flight : links.arrived(now)) {
            ReplicaNode node = nodes.get(flight.to());
            if (awake(node)) {
                alive(node, () -> node.replica.received(flight.from(), flight.message(), node.clock(now)));
            }
        }
        for (ReplicaNode node : nodes.values()) {
            if (awake(node)) {
                alive(node, () -> turn(node));
            }
        }
        leases();
    }

    /** Something that a process does, and that may be the last. */
    private interface Deed {
        void run() throws JournalException;
    }

    private void alive(ReplicaNode node, Deed deed) throws JournalException {
        try {
            deed.run();
        } catch (SimJournalFiles.Ended e) {
            count("crash");
            node.end(chance.nextBoolean());
        }
    }

    private boolean awake(ReplicaNode node) {
        return node.alive && node.pausedUntil <= now;
    }

    private void turn(ReplicaNode node) throws JournalException {
        if (node.disk.dead() || node.replica.failed()) {
            count(node.disk.dead() ? "crash" : "failed disk");
            node.end(chance.nextBoolean());
            return;
        }
        if (node.replica.leading() && chance.nextInt(3) > 0) {
            propose(node);
        }
        node.replica.turn(node.clock(now));
        if (chance.nextInt(3) > 0) {
            node.journal.turn();
        }
        if (chance.nextInt(8) == 0) {
            node.register.sync();
            node.group.applied(node.register.synced());
            node.journal.reclaim();
        }
        boolean well = !node.disk.dead() && node.journal.fault().isEmpty();
        if (well && (node.behind || node.lostInTerm > 0)) {
            rebuild(node);
        }
    }

    private void propose(ReplicaNode node) {
        int key = chance.nextInt(3);
        long id = ++number;
        byte[] entry = chance.nextInt(3) == 0 ? Register.swap(id, key, node.register.values().getOrDefault(key, 0L))
            : Register.put(id, key, chance.nextInt(600));
        long before = told;
        boolean taken = node.replica.propose(entry, committed -> {
            count(committed ? "committed" : "not known");
            if (committed) {
                long index = node.register.applied();
                assertTrue(Arrays.equals(entry, decided.get(index)), () -> "entry " + id + " is told as " + index);
                assertTrue(index > before, () -> "entry " + index + " was told after " + before + " and proposed behind it");
                told = Math.max(told, index);
            }
        });
        count(taken ? "proposed" : "not taken");
    }

    /** A leader with a lease has applied everything that anybody was told. */
    private void leases() {
        for (ReplicaNode holder : nodes.values()) {
            if (awake(holder) && holder.replica.leasedUntil(holder.clock(now)) >= holder.clock(now)) {
                count("leases");
                assertTrue(holder.register.applied() >= told, () -> "I12: " + holder.name + " reads " + holder.register.applied()
                    + " of " + told);
            }
        }
    }

    /**
     * Who is behind takes what an elected leader has applied: the leader may need it to commit anything. Who lost its disk waits
     * until a leader that was elected without it has committed something of its own; then it has what this one ever answered for.
     */
    private void rebuild(ReplicaNode node) throws JournalException {
        long newest = nodes.values().stream().mapToLong(each -> each.alive ? each.group.term() : 0).max().orElse(0);
        for (ReplicaNode leader : nodes.values()) {
            if (leader == node || !awake(leader) || !leader.replica.leader().equals(leader.name) || leader.group.term() < newest) {
                continue;
            }
            boolean enough = node.lostInTerm == 0 || leader.replica.leading() && leader.group.term() > node.lostInTerm;
            if (enough && node.rebuild(leader, now, machine(node), links(node))) {
                count("rebuilt");
                return;
            }
            if (healed && node.lostInTerm > 0 && leader.group.term() <= node.lostInTerm) {
                leader.replica.resign(leader.clock(now)); // it was elected with a vote that is forgotten
            }
        }
    }

    private void harm() throws JournalException {
        ReplicaNode node = nodes.get(names.get(chance.nextInt(names.size())));
        String other = names.get(chance.nextInt(names.size()));
        switch (chance.nextInt(15)) {
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
                }
            }
            case 9 -> {
                if (node.alive && node.replica.leading()) {
                    node.end(false);
                    nodes.values().stream().filter(this::awake).forEach(each -> each.replica.gone(node.name, each.clock(now)));
                    count("known to be gone");
                }
            }
            case 10 -> {
                if (awake(node)) {
                    node.replica.transfer(other, node.clock(now));
                }
                if (awake(node) && chance.nextInt(4) == 0) {
                    node.replica.resign(node.clock(now));
                }
            }
            case 11 -> {
                if (node.alive && chance.nextBoolean()) {
                    node.disk.failForceIn(1 + chance.nextInt(4)); // while it opens, see docs/design/raft.md
                } else if (node.alive) {
                    node.disk.failWriteIn(1 + chance.nextInt(4));
                }
            }
            case 12 -> node.disk.capacity(chance.nextBoolean() ? Long.MAX_VALUE : (3 + chance.nextInt(4)) * (16L << 10));
            case 13 -> loseDisk(node);
            default -> {
                for (ReplicaNode each : nodes.values()) {
                    restart(each);
                }
            }
        }
    }

    /** One at a time: two of three would be a majority. */
    private void loseDisk(ReplicaNode node) {
        if (chance.nextInt(3) == 0 && nodes.values().stream().allMatch(each -> each.lostInTerm == 0)) {
            if (node.alive) {
                node.end(true);
            }
            node.lostInTerm = nodes.values().stream().mapToLong(each -> each.group.term()).max().orElse(0) + 1;
            node.disk = new SimJournalFiles(chance.nextLong());
            node.register.become(new Register());
            count("lost disk");
        }
    }

    private void restart(ReplicaNode node) throws JournalException {
        if (!node.alive) {
            try {
                node.start(now, machine(node), links(node));
            } catch (SimJournalFiles.Ended e) {
                node.end(true);
            } catch (JournalException e) {
                count("not started");
                node.end(false);
            }
        }
    }

    /** Everything is well again: soon all have the same, and who should lead does. */
    private void heal() throws JournalException {
        links.heal();
        links.weather(2 * MILLIS, 0, 0);
        for (ReplicaNode node : nodes.values()) {
            node.pausedUntil = 0;
            node.end(true);
            node.disk.capacity(Long.MAX_VALUE);
            node.start(now, machine(node), links(node));
        }
        healed = true;
        long end = now + HEALED_NANOS;
        while (now < end && !well()) {
            step();
        }
        String all = nodes.values().stream().map(node -> node.name + (node.replica.leading() ? " leads " : " ") + node.group + " of "
            + node.replica.leader() + ", applied " + node.register.applied()).collect(Collectors.joining("; "));
        assertTrue(nodes.get(names.get(0)).replica.leading(), () -> "the preferred one does not lead: " + all);
        assertEquals(1, nodes.values().stream().map(node -> node.replica.leader() + node.group.term()).distinct().count(), all);
        quiet();
        assertEquals(1, nodes.values().stream().map(node -> node.register.applied() + " " + node.register.values()).distinct().count(),
            all);
        assertTrue(nodes.get(names.get(0)).register.applied() >= told, all);
    }

    /** Whether all follow the one who should lead, and are nearly where it is. */
    private boolean well() {
        ReplicaNode first = nodes.get(names.get(0));
        return first.replica.leading() && nodes.values().stream().allMatch(node -> node.lostInTerm == 0 && !node.behind
            && node.replica.leader().equals(first.name) && node.group.term() == first.group.term()
            && node.register.applied() + 30 > first.register.applied());
    }

    /** Nothing is proposed any more: what is on its way arrives. */
    private void quiet() throws JournalException {
        long end = now + 3_000 * MILLIS;
        while (now < end) {
            now += 5 * MILLIS;
            for (SimLinks.Flight<GroupMessage> flight : links.arrived(now)) {
                ReplicaNode node = nodes.get(flight.to());
                node.replica.received(flight.from(), flight.message(), node.clock(now));
            }
            for (ReplicaNode node : nodes.values()) {
                node.replica.turn(node.clock(now));
                node.journal.turn();
                if (node.behind) {
                    rebuild(node);
                }
            }
        }
    }
}

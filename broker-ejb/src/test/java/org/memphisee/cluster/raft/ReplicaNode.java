package org.memphisee.cluster.raft;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.simulation.SimJournalFiles;

/** A node with one replica: its journal, its disk, its store and its clock. */
final class ReplicaNode {

    private static final int SEGMENT = 16 << 10;
    private static final JournalSettings JOURNAL =
        new JournalSettings(SEGMENT, 512, 4 << 10, SEGMENT, 1 << 10, 6L * SEGMENT, 0, 2);
    private static final long GROUP = 1;

    final String name;
    final Register register = new Register();
    SimJournalFiles disk;
    RaftJournal journal;
    JournalGroup group;
    GroupReplica replica;
    boolean alive;
    /** Of a node that lost its disk: the group's term at that time; it is rebuilt from a leader of a later one. */
    long lostInTerm;
    boolean behind;
    long pausedUntil;
    private final List<String> names;
    private final ReplicaSettings settings;
    private final Random chance;
    private final double rate;
    private final long offset;
    private final long seed;
    private int lives;

    ReplicaNode(String name, List<String> names, ReplicaSettings settings, long seed) {
        this.name = name;
        this.names = names;
        this.settings = settings;
        this.seed = seed * 131 + names.indexOf(name);
        chance = new Random(this.seed);
        disk = new SimJournalFiles(this.seed);
        rate = 0.97 + chance.nextDouble() * 0.06;
        offset = chance.nextInt(1_000_000_000);
    }

    /** Its monotonic clock. */
    long clock(long now) {
        return offset + (long) (now * rate);
    }

    void start(long now, GroupMachine machine, GroupLinks links) throws JournalException {
        BrokerClock clock = new BrokerClock() {
            @Override
            public long wallNanos() {
                return 0;
            }

            @Override
            public long nowNanos() {
                return 0; // the mark of the journal is not what this is about
            }
        };
        journal = RaftJournal.open(disk, JOURNAL, clock, new SplittableRandom(seed * 100 + lives++));
        group = journal.group(GROUP);
        if (group.standing() == Standing.ABSENT && lostInTerm == 0) {
            group.begin(0, 0, 0, "");
            journal.turn();
        }
        if (group.standing() == Standing.REBUILD) {
            throw new AssertionError(name + " is to rebuild, and nothing was damaged: " + journal.report());
        }
        if (group.standing() == Standing.COMPLETE && register.applied() < group.baseIndex()) {
            throw new AssertionError(name + " has applied " + register.applied() + " of " + group);
        }
        behind = false;
        live(now, machine, links);
        alive = true;
    }

    private void live(long now, GroupMachine machine, GroupLinks links) {
        group.applied(register.synced());
        replica = new GroupReplica(name, names, group, register.applied(), machine, links, settings,
            new SplittableRandom(seed + lives), clock(now));
    }

    void end(boolean power) {
        alive = false;
        register.restart();
        if (power) {
            disk.powerCut();
        } else {
            disk.kill();
        }
    }

    /** Becomes what a leader has applied; false when it cannot yet. */
    boolean rebuild(ReplicaNode leader, long now, GroupMachine machine, GroupLinks links) throws JournalException {
        long upTo = leader.register.applied();
        if (group.standing() == Standing.COMPLETE && upTo <= group.lastIndex()) {
            return false;
        }
        long term = Math.max(group.term(), leader.group.term());
        String vote = term == group.term() ? group.vote() : "";
        group.begin(upTo, leader.group.termAt(upTo), term, vote);
        register.become(leader.register);
        lostInTerm = 0;
        behind = false;
        live(now, machine, links);
        return true;
    }
}

package org.memphisee.core.cluster.election;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

import org.memphisee.core.cluster.journal.JournalEntry;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalListener;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.simulation.SimJournalFiles;

/** A member with its journal, its disk and its clock. */
final class ElectionNode implements ElectionLog, JournalListener {

    private static final int SEGMENT = 16 << 10;
    private static final JournalSettings JOURNAL =
        new JournalSettings(SEGMENT, 512, 4 << 10, SEGMENT, 1 << 10, 6L * SEGMENT, 0, 1);
    private static final long GROUP = 1;

    final String name;
    SimJournalFiles disk;
    private final List<String> members;
    private final ElectionPort port;
    private final Random chance;
    private final double rate;
    private final long offset;
    private final long seed;
    private int lives;
    private long ticket;
    private long refused;
    RaftJournal journal;
    JournalGroup group;
    GroupElection election;
    boolean alive;
    private boolean lost;
    long pausedUntil;
    Hindrance hindrance = Hindrance.NONE;
    /** Of a member without its journal: the terms in which the others were when they first heard of that. */
    final Map<String, Long> noted = new HashMap<>();
    /** From when on it answers for anything, by its clock. */
    private long answersFrom;

    ElectionNode(String name, List<String> members, ElectionPort port, long seed) {
        this.name = name;
        this.members = members;
        this.port = port;
        this.seed = seed * 131 + members.indexOf(name);
        chance = new Random(this.seed);
        disk = new SimJournalFiles(this.seed);
        rate = 0.97 + chance.nextDouble() * 0.06;
        offset = chance.nextInt(1_000_000_000);
    }

    /** Its monotonic clock. */
    long clock(long now) {
        return offset + (long) (now * rate);
    }

    void start(long now) throws JournalException {
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
        if (group.standing() == Standing.ABSENT && !lost) {
            group.begin(0, 0, 0, "");
            journal.turn();
        }
        noted.clear();
        answersFrom = clock(now) + ElectionSettings.DEFAULT.forgottenNanos(members.size());
        ticket = 0;
        refused = 0;
        group.attach(this);
        election = new GroupElection(name, members, ElectionSettings.DEFAULT, this, port, new SplittableRandom(seed + lives),
            clock(now));
        election.hindered(() -> hindrance);
        alive = true;
    }

    /** It has another disk, with nothing on it. */
    void loseDisk() {
        lost = true;
        disk = new SimJournalFiles(seed + lives);
    }

    /** A leader gives it what it has applied. */
    void rebuild(ElectionNode leader, long now) throws JournalException {
        if (clock(now) >= answersFrom) {
            group.begin(leader.lastIndex(), leader.lastTerm(), leader.term(), "");
            journal.turn();
            election = new GroupElection(name, members, ElectionSettings.DEFAULT, this, port, new SplittableRandom(seed + lives),
                clock(now));
            election.hindered(() -> hindrance);
            election.durable(ticket, clock(now));
        }
    }

    void end(boolean power) {
        alive = false;
        if (power) {
            disk.powerCut();
        } else {
            disk.kill();
        }
    }

    /** The disk does something, and the member hears of it. */
    void write(long now) {
        journal.turn();
        election.durable(ticket, clock(now));
        if (refused > 0) {
            group.takeBack();
            election.refused(refused, clock(now));
            refused = 0;
        }
    }

    /** A leader's entry, which nobody else gets here. */
    void append() throws JournalException {
        group.append(List.of(new JournalEntry(group.lastIndex() + 1, group.term(), new byte[chance.nextInt(50)])));
        group.applied(group.durableIndex());
        journal.reclaim();
    }

    @Override
    public boolean complete() {
        return group.standing() == Standing.COMPLETE;
    }

    @Override
    public long term() {
        return group.term();
    }

    @Override
    public String vote() {
        return group.vote();
    }

    @Override
    public long lastIndex() {
        return group.lastIndex();
    }

    @Override
    public long lastTerm() {
        return group.termAt(group.lastIndex());
    }

    @Override
    public long put(long term, String vote) {
        try {
            return group.vote(term, vote);
        } catch (JournalException e) {
            return REFUSED;
        }
    }

    @Override
    public void durable(long upTo) {
        ticket = upTo;
    }

    @Override
    public void refused(long from, JournalException why) {
        refused = from;
    }

    @Override
    public void failed(JournalException why) {
        // the member ends
    }
}

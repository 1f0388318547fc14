package org.memphisee.cluster.raft;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import org.memphisee.core.cluster.election.ElectionLog;
import org.memphisee.core.cluster.election.ElectionMessage;
import org.memphisee.core.cluster.election.ElectionPort;
import org.memphisee.core.cluster.election.GroupElection;
import org.memphisee.core.cluster.election.Hindrance;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalHold;
import org.memphisee.core.cluster.journal.JournalListener;
import org.memphisee.core.cluster.journal.Standing;

/**
 * One member of a replication group. What is proposed to the leader is applied on each member, in one order, when a majority has
 * it on the disk, the leader among them. Nothing leaves that depends on what is not durable (K4).
 *
 * <p>One thread: it calls {@link #turn} when {@link #due} says so, when {@link #ready} says so and after {@link #received} or
 * {@link #propose}. Nothing here waits.
 */
public final class GroupReplica {

    /** Proposals that have not ended. */
    public static final int OPEN = 4;
    /** Bytes of proposals that have not ended, but for one that is larger. */
    public static final int OPEN_BYTES = 4 << 20;

    private final GroupMembers members;
    private final JournalGroup group;
    private final JournalLog log;
    private final GroupMachine machine;
    private final ReplicaSettings settings;
    private final GroupElection election;
    private final Peers peers;
    private final GroupPort port;
    private final GuardedRaft raft;
    private final Move move;
    private final Told told = new Told();
    /** Keeps what other members still lack, whoever leads next. */
    private JournalHold hold;
    private long nextLook;
    /** Term in which this member leads by its election, 0 when it does not. */
    private long led;
    private long wins;
    private boolean leading;
    /** Up to which entry the leader of this term said that all is committed. */
    private long heard;
    private boolean failed;
    private int open;
    private long openBytes;

    /**
     * A member that has just started.
     *
     * @param self its name
     * @param names of all members, the one that should lead first
     * @param group its log; a member whose log is not complete neither votes nor answers
     * @param applied index up to which the machine has everything; what follows is applied again
     * @param now monotonic
     */
    public GroupReplica(String self, List<String> names, JournalGroup group, long applied, GroupMachine machine,
                        GroupLinks links, ReplicaSettings settings, RandomGenerator random, long now) {
        this.members = new GroupMembers(self, names);
        this.group = group;
        this.machine = machine;
        this.settings = settings;
        log = new JournalLog(group, members, applied);
        peers = new Peers(members.peers(), log, links);
        port = new GroupPort(links, log, peers);
        raft = new GuardedRaft(members, log, machine);
        peers.of(raft);
        election = new GroupElection(self, names, settings.election(), new Ballots(), new Elected(links), random, now);
        move = new Move(election, peers, names.get(0), settings, machine);
        nextLook = now;
        hold = group.hold(group.baseIndex() + 1);
        group.attach(told);
        told.durable = Math.max(told.durable, group.durableTicket()); // of records from before it was attached
        raft.begin(port);
    }

    // ---- what is asked

    /** Whether it leads and may propose: everything that was decided before is applied here. */
    public boolean leading() {
        return leading;
    }

    /** Who leads, empty when it does not know. */
    public String leader() {
        return election.leader();
    }

    /** The group's term. */
    public long term() {
        return group.term();
    }

    /** Whether it leads, or has applied all that it has heard to be committed. */
    public boolean inStep() {
        return leading || led == 0 && !failed && complete() && raft.commitIndex() >= heard;
    }

    /** How far it has applied. */
    public long applied() {
        return raft.commitIndex();
    }

    /** When nobody else led; see {@link GroupElection#confirmed}. */
    public long confirmed(long now) {
        return leading ? election.confirmed(now) : Long.MIN_VALUE;
    }

    /** Until when nobody else leads; see {@link GroupElection#leasedUntil}. */
    public long leasedUntil(long now) {
        return leading ? election.leasedUntil(now) : Long.MIN_VALUE;
    }

    /** While it leads: how many entries another member lacks. */
    public long lag(String member) {
        return peers.lag(member);
    }

    /** Index of the last entry of its log, decided or not. */
    public long lastIndex() {
        return group.lastIndex();
    }

    /** How often it was elected since it started. */
    public long wins() {
        return wins;
    }

    /** While it leads: when it sent the newest beat that another member answered; long ago when there is none. */
    public long heardFrom(String member) {
        return election.heardFrom(member);
    }

    /** Whether it takes no more part until it is started again: the journal failed, or the machine did. */
    public boolean failed() {
        return failed;
    }

    /** When {@link #turn} has something to do next, monotonic. */
    public long due() {
        return failed ? Long.MAX_VALUE : led > 0 ? Math.min(nextLook, election.due()) : election.due();
    }

    /** Whether the journal told something. Any thread. */
    public boolean ready() {
        return told.waits();
    }

    /** Has whoever drives it told when the journal told something; on the journal's thread. Before its first turn. */
    public void whenTold(Runnable wake) {
        told.wake = wake;
    }

    // ---- what is done to it

    /**
     * Proposes an entry.
     *
     * @param bytes not changed any more; no larger than the journal takes
     * @param ending told when it ended
     * @return false when nothing was done: it does not lead, or as much is open as may be
     */
    public boolean propose(byte[] bytes, GroupProposal ending) {
        if (!leading || move.holds() || open >= OPEN || open > 0 && openBytes + bytes.length > OPEN_BYTES) {
            return false;
        }
        append(bytes, ending);
        return true;
    }

    private void append(byte[] bytes, GroupProposal ending) {
        open++;
        openBytes += bytes.length;
        CompletableFuture<byte[]> future = raft.setAsync(bytes, 0, bytes.length, null);
        future.whenComplete((nothing, why) -> {
            open--;
            openBytes -= bytes.length;
            ending.ended(why == null);
        });
    }

    /** Something arrived. */
    public void received(String from, GroupMessage message, long now) {
        if (failed || !members.peers().contains(from)) {
            return;
        }
        if (message instanceof GroupMessage.Elect m) {
            election.received(from, m.message(), now);
            agree();
        } else if (complete() && (message.term() <= group.term() || election.seen(message.term(), now))) {
            agree();
            if (message.term() == group.term()) {
                ofThisTerm(from, message);
            }
        }
        pump(now);
    }

    private void ofThisTerm(String from, GroupMessage message) {
        if (message instanceof GroupMessage.Append m && led == 0) {
            heard = m.commit();
            raft.received(from, m);
            release(m.had());
        } else if (message instanceof GroupMessage.Answer m && led > 0) {
            if (m.matched()) {
                raft.received(from, m);
            }
            peers.answered(from, m);
        } else if (message instanceof GroupMessage.Behind && led == 0) {
            machine.behind();
        }
    }

    /** What each member has need not be kept for any. What is gone because the journal was full is not waited for again. */
    private void release(long had) {
        if (hold.broken()) {
            hold.close();
            hold = group.hold(group.baseIndex() + 1);
        }
        hold.move(Math.min(had, group.lastIndex()) + 1);
    }

    /** Nobody drives it any more: it keeps nothing. Its journal goes on. */
    public void leave() {
        hold.close();
        failed = true;
    }

    /** The process of a member is known to have ended. */
    public void gone(String member, long now) {
        election.gone(member, now);
    }

    /** Gives up leading. */
    public void resign(long now) {
        election.resign(now);
        agree();
    }

    /** Has another member lead as soon as it has everything; until then nothing is proposed. Gives up after a while. */
    public void transfer(String member, long now) {
        if (leading && members.peers().contains(member)) {
            move.to(member, now);
        }
    }

    /** What speaks against members leading, this one among them; asked each time. */
    public void hindered(Function<String, Hindrance> members) {
        move.onlyTo(member -> members.apply(member).mayLead());
        election.hindered(() -> members.apply(this.members.self()));
    }

    /** Takes what the journal told, does what time wants done, and hands over what was proposed. */
    public void turn(long now) {
        if (failed) {
            return;
        }
        journal(now);
        if (!failed && election.due() <= now) {
            election.tick(now);
            agree();
        }
        pump(now); // what was proposed is in the log before anybody looks who has all of it
        if (led > 0 && nextLook <= now) {
            nextLook = now + settings.lookNanos();
            peers.look(now);
            release(peers.had());
            if (leading && !move.going() && !members.self().equals(members.names().get(0))) {
                move.look(now);
            }
        }
        if (led > 0 && leading && move.going()) {
            move.look(now);
        }
        pump(now);
    }

    private void journal(long now) {
        if (told.failure != null) {
            fail(now);
            return;
        }
        long durable = told.durable;
        election.durable(durable, now);
        port.durable(durable);
        long refused = told.takeRefused();
        if (refused > 0) {
            takeBack(refused, now);
        }
        agree();
        raft.commit();
    }

    /** T1: what was not written is not there, and whoever led with it does not use its places again in this term. */
    private void takeBack(long refused, long now) {
        group.takeBack();
        log.tookBack();
        raft.tookBack();
        port.refused(refused);
        election.refused(refused, now);
        election.resign(now);
    }

    private boolean complete() {
        return group.standing() == Standing.COMPLETE;
    }

    /** Nothing of this member is believed any more. */
    private void fail(long now) {
        port.refused(0);
        election.failed(now);
        agree();
        failed = true;
    }

    private void pump(long now) {
        try {
            raft.pump();
        } catch (RuntimeException e) {
            JournalException why = log.takeRefusal();
            if (why == null) {
                throw e;
            }
            election.resign(now); // T1, T10: peers may have what is not here
        }
        if (log.takeRefusal() != null) {
            election.resign(now);
        }
        if (raft.broken() != null && !failed) {
            fail(now);
        }
        agree();
    }

    /** The election says who leads, and RAFT believes it. */
    private void agree() {
        if (election.role() == GroupElection.Role.LEADER) {
            if (led != group.term()) {
                lead();
            }
            return;
        }
        boolean was = leading;
        led = 0;
        leading = false;
        raft.currentTerm(group.term());
        if (raft.isLeader()) {
            raft.setLeaderAndTerm(null); // what is open ends
        }
        if (was) {
            machine.follows();
        }
    }

    private void lead() {
        led = group.term();
        wins++;
        move.reset();
        raft.trySetLeaderAndTerm(members.address(members.self()), led);
        peers.begin();
        long term = led;
        append(machine.opening(term), committed -> {
            if (committed && led == term) {
                leading = true;
                machine.leads(term);
            }
        });
    }

    /** What an election knows of the log. */
    private final class Ballots implements ElectionLog {

        @Override
        public boolean complete() {
            return GroupReplica.this.complete();
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
                return log.vote(term, vote);
            } catch (JournalException e) {
                return REFUSED;
            }
        }
    }

    /** What an election sends; whom it made leader is looked at after each call. */
    private record Elected(GroupLinks links) implements ElectionPort {

        @Override
        public void send(String member, ElectionMessage message) {
            links.send(member, new GroupMessage.Elect(message));
        }

        @Override
        public void leads(long term) {
            // agree() sees it
        }

        @Override
        public void stepsDown(long term) {
            // agree() sees it
        }
    }

    /** From the journal's thread to this one. */
    private static final class Told implements JournalListener {

        private volatile long durable;
        private volatile JournalException failure;
        private final AtomicLong refused = new AtomicLong();
        private volatile boolean news;
        private volatile Runnable wake = () -> { };

        boolean waits() {
            return news;
        }

        /** First ticket that was refused, once; 0 for none. */
        long takeRefused() {
            news = false;
            return refused.getAndSet(0);
        }

        @Override
        public void durable(long ticket) {
            durable = ticket;
            tell();
        }

        @Override
        public void refused(long ticket, JournalException why) {
            refused.set(ticket);
            tell();
        }

        @Override
        public void failed(JournalException why) {
            failure = why;
            tell();
        }

        private void tell() {
            news = true;
            wake.run();
        }
    }
}

package org.memphisee.core.cluster.election;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import org.memphisee.core.cluster.election.ElectionMessage.Beat;
import org.memphisee.core.cluster.election.ElectionMessage.BeatAnswer;
import org.memphisee.core.cluster.election.ElectionMessage.PreVote;
import org.memphisee.core.cluster.election.ElectionMessage.PreVoteAnswer;
import org.memphisee.core.cluster.election.ElectionMessage.Resigned;
import org.memphisee.core.cluster.election.ElectionMessage.TimeoutNow;
import org.memphisee.core.cluster.election.ElectionMessage.Vote;
import org.memphisee.core.cluster.election.ElectionMessage.VoteAnswer;

/**
 * One member's part in electing the leader of its group.
 *
 * <p>At most one member leads in a term. Nothing that depends on a term or a vote is sent before that is durable (K4). Who heard
 * of a leader within the time-out gives nobody a vote, unless that leader is known to be gone or asks for it; so a leader that
 * a majority answered knows for how long nobody else leads ({@link #leasedUntil}). All times are of this member's monotonic clock.
 *
 * <p>One thread at a time.
 */
public final class GroupElection {

    /** What a member is. */
    public enum Role { FOLLOWER, ASKING, CANDIDATE, LEADER }

    /** Of the time-out, so much is the lease: clocks of members may differ in rate by the rest. */
    static final double LEASE = 0.8;
    private static final String NOBODY = "";
    /** Long ago, and differences to it do not overflow. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final String self;
    private final List<String> members;
    private final ElectionSettings settings;
    private final ElectionLog log;
    private final ElectionPort port;
    private final RandomGenerator random;
    private Supplier<Hindrance> hindrance = () -> Hindrance.NONE;
    private final Set<String> granted = new HashSet<>();
    /** Of a leader: when the newest beat was sent that the member answered. */
    private final Map<String, Long> answered = new HashMap<>();
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    /** Of a leader: since when. */
    private long since;
    /** Of a leader: whether it asked another one to lead, so that members may vote although they hear of it. */
    private boolean transferred;
    private Role role = Role.FOLLOWER;
    private String leader = NOBODY;
    /** When this member last heard of a leader. Who starts counts as having just heard of one, since a lease may rest on that. */
    private long heard;
    private boolean gone;
    private long deadline;
    private long nextBeat;
    /** Ticket of the last term or vote that was put. */
    private long put;
    private long durable;

    /** A message, or null for the requests of a candidate, that waits for a ticket. */
    private record Held(long ticket, String to, ElectionMessage message) { }

    /**
     * A member that has just started.
     *
     * @param self its name
     * @param members all names, the one that should lead first
     * @param now monotonic
     */
    public GroupElection(String self, List<String> members, ElectionSettings settings, ElectionLog log, ElectionPort port,
                         RandomGenerator random, long now) {
        this.self = self;
        this.members = List.copyOf(members);
        this.settings = settings;
        this.log = log;
        this.port = port;
        this.random = random;
        if (!this.members.contains(self) || new HashSet<>(members).size() != members.size()) {
            throw new IllegalArgumentException(self + " of " + members);
        }
        heard = now;
        delay(now);
    }

    /**
     * What speaks against this member leading; asked each time. One that is hindered stands when all others have had the time to,
     * so that it leads when nobody better can; whom it votes for does not change by that.
     */
    public void hindered(Supplier<Hindrance> by) {
        hindrance = by;
    }

    /** What it is now. */
    public Role role() {
        return role;
    }

    /** Who leads in its term, empty when it does not know. */
    public String leader() {
        return leader;
    }

    /** When {@link #tick} has something to do next. */
    public long due() {
        return role == Role.LEADER ? nextBeat : deadline;
    }

    /**
     * Until when nobody else leads, of a leader; everything that was committed before is seen by whoever reads here until then.
     *
     * @return a time that may be over, {@link Long#MIN_VALUE} when it does not lead
     */
    public long leasedUntil(long now) {
        long confirmed = confirmed(now);
        return confirmed == Long.MIN_VALUE ? Long.MIN_VALUE : confirmed + (long) (LEASE * settings.timeoutNanos());
    }

    /**
     * When nobody else led, of a leader: when it sent the youngest beat that a majority has answered.
     *
     * @return {@link Long#MIN_VALUE} when it does not lead, or asked another member to
     */
    public long confirmed(long now) {
        return role == Role.LEADER && !transferred ? heardByMajority(now) : Long.MIN_VALUE;
    }

    /** Time has passed. */
    public void tick(long now) {
        if (role == Role.LEADER) {
            if (now - Math.max(since, heardByMajority(now)) > settings.timeoutNanos()) {
                resign(now);
            } else if (now >= nextBeat) {
                beat(now);
            }
        } else if (now >= deadline && log.complete()) {
            ask(now);
        } else if (now >= deadline) {
            delay(now);
        }
    }

    /** Everything that was put up to a ticket is durable. */
    public void durable(long ticket, long now) {
        durable = Math.max(durable, ticket);
        while (!held.isEmpty() && held.peek().ticket() <= durable) {
            Held next = held.poll();
            if (next.message().term() == log.term()) {
                release(next, now);
            }
        }
    }

    private void release(Held next, long now) {
        if (!next.to().equals(self)) {
            port.send(next.to(), next.message());
        } else if (role == Role.CANDIDATE) {
            others(next.message());
            grant(self, now);
        }
    }

    /** Nothing of this member is believed any more: what waits for the disk is never sent. */
    public void failed(long now) {
        held.clear();
        if (role == Role.LEADER) {
            resign(now);
        }
    }

    /**
     * What was put from a ticket on is taken back: nothing that waits for it is ever sent. Term and vote are again as they were.
     *
     * @param ticket of the first that was refused
     */
    public void refused(long ticket, long now) {
        held.removeIf(waiting -> waiting.ticket() >= ticket);
        put = Math.min(put, ticket - 1);
        if (role == Role.CANDIDATE) {
            follow(NOBODY, now);
        }
    }

    /**
     * A member was seen in a newer term, in a message that is not of an election.
     *
     * @return false when the disk does not take it: then nobody may be answered in that term
     */
    public boolean seen(long term, long now) {
        return term <= log.term() || adopt(term, now);
    }

    /** Of a leader: when it sent the newest beat that a member has answered; long ago when there is none. */
    public long heardFrom(String member) {
        return answered.getOrDefault(member, NEVER);
    }

    /** The process of a member is known to have ended. */
    public void gone(String member, long now) {
        if (member.equals(leader) && role != Role.LEADER) {
            gone = true;
            deadline = Math.min(deadline, now + rank() * settings.rankNanos() / 2 + hesitation());
        }
    }

    /** Gives up leading. */
    public void resign(long now) {
        if (role == Role.LEADER) {
            long term = log.term();
            follow(NOBODY, now);
            others(new Resigned(term));
        }
    }

    /** Of a leader: has another member lead, whose log has everything. There is no lease in this term any more. */
    public void transfer(String member) {
        if (role == Role.LEADER && !member.equals(self)) {
            transferred = true;
            port.send(member, new TimeoutNow(log.term()));
        }
    }

    /** Something arrived from another member. */
    public void received(String from, ElectionMessage message, long now) {
        if (!members.contains(from) || from.equals(self)) {
            return;
        }
        if (message instanceof PreVote m) {
            preVote(from, m, now);
        } else if (message instanceof Vote m) {
            vote(from, m, now);
        } else if (message.term() < log.term()) {
            if (message instanceof Beat m) {
                answer(from, new BeatAnswer(log.term(), m.sentNanos())); // so that it learns of the newer term
            }
        } else if (message instanceof PreVoteAnswer m && m.granted()) {
            if (role == Role.ASKING && m.term() == log.term() + 1 && granted.add(from) && majority(granted.size())) {
                stand(false, now);
            }
        } else if (message.term() == log.term() || adopt(message.term(), now)) {
            ofThisTerm(from, message, now);
        }
    }

    private void ofThisTerm(String from, ElectionMessage message, long now) {
        if (message instanceof VoteAnswer m && m.granted() && role == Role.CANDIDATE) {
            grant(from, now);
        } else if (message instanceof Beat m) {
            if (role != Role.LEADER) {
                follow(from, now);
                heard = now;
                answer(from, new BeatAnswer(m.term(), m.sentNanos()));
            }
        } else if (message instanceof BeatAnswer m && role == Role.LEADER) {
            answered.merge(from, m.sentNanos(), Math::max);
        } else if (message instanceof Resigned && from.equals(leader)) {
            gone(from, now);
        } else if (message instanceof TimeoutNow && from.equals(leader) && log.complete()) {
            stand(true, now);
        }
    }

    private void preVote(String from, PreVote m, long now) {
        if (!log.complete()) {
            return;
        }
        boolean would = m.term() > log.term() && asGood(m.lastTerm(), m.lastIndex()) && !follows(now);
        port.send(from, new PreVoteAnswer(would ? m.term() : log.term(), would));
    }

    private void vote(String from, Vote m, long now) {
        boolean newer = m.term() > log.term();
        if (!log.complete() || newer && !m.transfer() && follows(now)) {
            return;
        }
        boolean free = newer || m.term() == log.term() && (log.vote().isEmpty() || log.vote().equals(from));
        boolean gives = free && asGood(m.lastTerm(), m.lastIndex());
        boolean changes = newer || gives && log.vote().isEmpty();
        if (changes && !put(m.term(), gives ? from : NOBODY)) {
            return;
        }
        if (newer) {
            follow(NOBODY, now);
        } else if (gives) {
            delay(now);
        }
        answer(from, new VoteAnswer(log.term(), gives));
    }

    /** Whether it has a leader that may count on it. */
    private boolean follows(long now) {
        return role == Role.LEADER || !gone && now - heard < settings.timeoutNanos();
    }

    private boolean asGood(long lastTerm, long lastIndex) {
        return lastTerm > log.lastTerm() || lastTerm == log.lastTerm() && lastIndex >= log.lastIndex();
    }

    /** Goes to a newer term; false when the disk does not take it. */
    private boolean adopt(long term, long now) {
        if (!put(term, NOBODY)) {
            return false;
        }
        follow(NOBODY, now);
        return true;
    }

    private void ask(long now) {
        role = Role.ASKING;
        leader = NOBODY;
        delay(now);
        granted.clear();
        granted.add(self);
        if (majority(granted.size())) {
            stand(false, now);
        } else {
            others(new PreVote(log.term() + 1, log.lastTerm(), log.lastIndex()));
        }
    }

    private void stand(boolean transfer, long now) {
        if (!put(log.term() + 1, self)) {
            return;
        }
        role = Role.CANDIDATE;
        leader = NOBODY;
        granted.clear();
        delay(now, 0); // votes that it was given must not count for longer than all others believe
        held.add(new Held(put, self, new Vote(log.term(), log.lastTerm(), log.lastIndex(), transfer)));
    }

    /** A candidate whose time is over counts nothing more, although it may have stood still: voters may have lost their votes. */
    private void grant(String from, long now) {
        if (now >= deadline) {
            return;
        }
        granted.add(from);
        if (granted.contains(self) && majority(granted.size())) {
            role = Role.LEADER;
            leader = self;
            answered.clear();
            since = now;
            transferred = false;
            port.leads(log.term());
            beat(now);
        }
    }

    private void follow(String newLeader, long now) {
        boolean led = role == Role.LEADER;
        role = Role.FOLLOWER;
        if (!newLeader.equals(leader)) {
            gone = false;
        }
        leader = newLeader;
        delay(now);
        if (led) {
            port.stepsDown(log.term());
        }
    }

    private void delay(long now) {
        delay(now, hesitation());
    }

    /** So long all others have to stand first. */
    private long hesitation() {
        return hindrance.get().ordinal() * (settings.jitterNanos() + members.size() * settings.rankNanos());
    }

    private void delay(long now, long hesitation) {
        long jitter = settings.jitterNanos() == 0 ? 0 : random.nextLong(settings.jitterNanos());
        deadline = now + settings.timeoutNanos() + jitter + rank() * settings.rankNanos() + hesitation;
    }

    private void beat(long now) {
        nextBeat = now - Math.floorMod(now, settings.beatNanos()) + settings.beatNanos(); // with all groups of the node
        others(new Beat(log.term(), now));
    }

    /** The time at which beats were sent that a majority has answered, itself included. */
    private long heardByMajority(long now) {
        long[] times = members.stream().mapToLong(member -> member.equals(self) ? now : answered.getOrDefault(member, NEVER))
            .sorted().toArray();
        return times[times.length - (members.size() / 2 + 1)];
    }

    private int rank() {
        return members.indexOf(self);
    }

    private boolean majority(int count) {
        return count > members.size() / 2;
    }

    private boolean put(long term, String vote) {
        long ticket = log.put(term, vote);
        if (ticket == ElectionLog.REFUSED) {
            return false;
        }
        put = ticket;
        return true;
    }

    /** Answers when the term and the vote that it speaks of are durable; members that are not complete do not answer. */
    private void answer(String to, ElectionMessage message) {
        if (!log.complete()) {
            return;
        }
        if (put <= durable) {
            port.send(to, message);
        } else {
            held.add(new Held(put, to, message));
        }
    }

    private void others(ElectionMessage message) {
        for (String member : members) {
            if (!member.equals(self)) {
                port.send(member, message);
            }
        }
    }
}

package org.memphisee.cluster.data;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

import org.memphisee.cluster.node.GroupSeat;
import org.memphisee.cluster.node.Hindrances;
import org.memphisee.cluster.raft.GroupMachine;
import org.memphisee.cluster.raft.GroupMessage;
import org.memphisee.cluster.raft.GroupReplica;
import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.replication.Replicas;
import org.memphisee.core.replication.ShardReplica;
import org.memphisee.core.time.BrokerClock;

/**
 * What a replica of partitions is for: entries go between it and the shard that has the partitions. On the thread that drives the
 * replica, but for what {@link Replicas} says.
 */
final class DataSeat implements GroupSeat {

    /** Committed and not stored here: with more than that, entries of the leader are let go, and come again. */
    static final long QUEUED_BYTES = 64L << 20;

    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE;
    private static final long NOW = Long.MAX_VALUE;
    /** A leader of which a member has heard for so long has told it of what it lacks. */
    private static final long TOLD_NANOS = 500_000_000L;
    /** So long a member may be behind, or without a leader, before anybody needs to know: leaders change. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long LITTLE_BYTES = 4L << 20;

    private final Place place;
    private GroupPosition position;
    private final ShardReplica shard;
    private final BrokerClock clock;
    private final LongSupplier definitions;
    private final Runnable wake;
    private final Told told;
    /** From the shard. */
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    /** Proposed by the shard and not taken by the replica yet, in their order. */
    private final ArrayDeque<Proposed> proposed = new ArrayDeque<>();
    private JournalGroup journal;
    private GroupReplica replica;
    /** Of the leadership that this member has and the shard knows of, 0 for none. */
    private long leads;
    /** The shard was asked to finish what it began, and has. */
    private boolean handing;
    private boolean handedOver;
    private boolean elsewhere;
    private boolean behind;
    private boolean rebuilding;
    private long nextLook = Long.MIN_VALUE;
    private volatile Map<String, Long> lags = Map.of();
    private long leased = Long.MIN_VALUE;
    private String leader = "";
    private long leaderSince;
    /** Since when this member does not have what the leader has, {@link #NEVER} when it never had, {@link #NOW} when it has. */
    private volatile long lacksSince = NEVER;
    private String failure = "";

    private record Proposed(long epoch, long ordinal, byte[] entry) { }

    /**
     * Where a group is.
     *
     * @param self name of the node
     * @param group its number
     * @param members of all nodes that have it, the one that should lead first
     */
    record Place(String self, long group, List<String> members) { }

    /** Told what others should know. */
    interface Told {

        /** Who leads from now on, as far as this member knows; this member only when all that was decided before is applied. */
        void leader(String name);

        /** While this member leads: nobody else did when that was confirmed, nor does until then; everything that was committed before is seen by whoever reads here. */
        void leased(long confirmed, long until);

        /** Nothing that is committed is applied here any more, and this member should not take part in what follows. */
        void failed(String why);

        /** It lacks what nobody keeps. Told again and again. */
        void behind();
    }

    /**
     * A member that has just started.
     *
     * @param position up to where the store has it
     * @param shard has the partitions
     * @param definitions tells how many system events are folded here
     * @param wake has {@link #turn} called soon; from any thread
     */
    DataSeat(Place place, GroupPosition position, ShardReplica shard, BrokerClock clock, LongSupplier definitions, Runnable wake,
             Told told) {
        this.place = place;
        this.position = position;
        this.shard = shard;
        this.clock = clock;
        this.definitions = definitions;
        this.wake = wake;
        this.told = told;
        shard.begin(new Members());
    }

    /** The member that it is for, null before its first turn. */
    GroupReplica replica() {
        return replica;
    }

    /** Up to where the store had it when it was seated. */
    GroupPosition position() {
        return position;
    }

    /** Entries of the leader are not heard: what they would change is being rebuilt. It goes on to vote. */
    void rebuilding(boolean now) {
        rebuilding = now;
        lacksSince = NEVER;
        behind &= now;
    }

    /** The store has what was decided up to here; before it is seated again. */
    void rebuilt(GroupPosition at) {
        position = at;
        leads = 0;
        proposed.clear();
        rebuilding(false);
    }

    /** Its log; before its first turn. */
    void of(JournalGroup log) {
        journal = log;
    }

    /** The term that is known here. */
    long term() {
        return replica == null ? 0 : replica.term();
    }

    /** Why what is committed is not applied here any more; empty while all is well. */
    String failure() {
        return failure;
    }

    /** Whether this member lacks what nobody keeps: it must rebuild. */
    boolean isBehind() {
        return behind;
    }

    /** Whether this member leads. */
    boolean leads() {
        return leads > 0;
    }

    /** Has another member lead, one of these; when none is one it resigns. */
    void stepDown(Hindrances.Heirs heirs) {
        if (leads > 0 && replica != null && !handOver(heirs, Long.MAX_VALUE)) {
            replica.resign(clock.nowNanos());
        }
    }

    /** Has one member lead, when it is in step within a second; nothing where this one does not lead. */
    void transfer(String to) {
        if (leads > 0 && replica != null) {
            replica.transfer(to, clock.nowNanos());
        }
    }

    /**
     * Has another member lead, one of these; false when it leads and none of them can.
     *
     * @param most entries that it may lack: until it has them nothing is decided
     */
    boolean handOver(Hindrances.Heirs heirs, long most) {
        if (leads == 0 || replica == null) {
            return true;
        }
        Optional<String> to = heirs.of(place.members, replica::lag, most);
        to.ifPresent(member -> replica.transfer(member, clock.nowNanos()));
        return to.isPresent();
    }

    // ---- as a seat

    @Override
    public long group() {
        return place.group;
    }

    @Override
    public List<String> members() {
        return place.members;
    }

    @Override
    public GroupMachine machine() {
        return new Machine();
    }

    @Override
    public long applied(JournalGroup log) {
        return log.standing() != Standing.COMPLETE ? 0 : position.whole() ? position.index() : log.baseIndex();
    }

    @Override
    public boolean admits(GroupMessage message) {
        if (!(message instanceof GroupMessage.Append append)) {
            return true;
        }
        return !rebuilding && (append.entries().isEmpty() || shard.queuedBytes() <= QUEUED_BYTES); // else as if it had been lost
    }

    @Override
    public boolean turn(GroupReplica mine, long now) {
        replica = mine;
        Runnable next;
        while ((next = asked.poll()) != null) {
            next.run();
        }
        boolean did = propose() || handedOver;
        tellLeader();
        tellLease(now);
        look(now);
        compare(now);
        return did;
    }

    private void compare(long now) {
        if (!leader.isEmpty() && now - leaderSince >= (leads > 0 ? 0 : TOLD_NANOS) && !rebuilding && !behind && failure.isEmpty()
            && replica.inStep() && shard.queuedBytes() <= LITTLE_BYTES) {
            lacksSince = NOW;
        } else if (lacksSince == NOW) {
            lacksSince = now;
        }
    }

    /** Whether this member has what the leader has, or had a moment ago. Any thread. */
    boolean current(long now) {
        long since = lacksSince;
        return since == NOW || since != NEVER && now - since <= PATIENCE_NANOS;
    }

    @Override
    public boolean rebuilds() {
        return rebuilding || behind;
    }

    @Override
    public long queuedBytes() {
        return shard.queuedBytes();
    }

    @Override
    public long voids() {
        return shard.voids();
    }

    @Override
    public long due() {
        return Long.MAX_VALUE; // whoever asks wakes
    }

    /** Whether the shard asked for something. Any thread. */
    boolean ready() {
        return !asked.isEmpty();
    }

    @Override
    public void failed(String why) {
        failure = failure.isEmpty() ? why : failure;
        over();
    }

    @Override
    public void stopped() {
        over();
    }

    private void over() {
        proposed.clear();
        if (leads > 0) {
            leads = 0;
            shard.ceased();
        }
        tellLeased(Long.MIN_VALUE, Long.MIN_VALUE); // it resigned: others need not wait for its lease to end
        if (!leader.isEmpty()) {
            leader = "";
            told.leader("");
        }
    }

    /** Once a second a leader says how the others stand. */
    private void look(long now) {
        if (leads == 0) {
            lags = Map.of();
        } else if (nextLook <= now || lags.isEmpty()) {
            nextLook = now + LOOK_NANOS;
            Map<String, Long> all = new HashMap<>();
            place.members.stream().filter(member -> !member.equals(place.self))
                .forEach(member -> all.put(member, replica.lag(member)));
            lags = Map.copyOf(all);
        }
    }

    /** While this member leads: entries that others lack, a second old at most; empty when it does not. Any thread. */
    Map<String, Long> lags() {
        return lags;
    }

    private boolean propose() {
        boolean did = false;
        while (!proposed.isEmpty()) {
            Proposed first = proposed.peek();
            if (!replica.leading() || replica.failed() || GroupPosition.epoch(replica.term()) != first.epoch()) {
                proposed.poll();
                shard.notTaken(first.epoch(), first.ordinal());
            } else if (replica.propose(first.entry(), committed -> { })) {
                proposed.poll();
                did = true;
            } else {
                return did; // enough is on its way, or leadership moves
            }
        }
        return did;
    }

    /** What the replica knows of leaders, for the shard and for all others. */
    void tellLeader() {
        if (replica == null) {
            return;
        }
        String known = replica.failed() ? "" : replica.leader();
        boolean now = !known.isEmpty() && !known.equals(place.self);
        if (now != elsewhere) {
            elsewhere = now;
            shard.leader(now);
        }
        String name = known.equals(place.self) && leads == 0 ? "" : known;
        if (!name.equals(leader)) {
            leader = name;
            leaderSince = clock.nowNanos();
            told.leader(name);
        }
    }

    private void tellLease(long now) {
        boolean may = leads > 0 && !replica.failed();
        tellLeased(may ? replica.confirmed(now) : Long.MIN_VALUE, may ? replica.leasedUntil(now) : Long.MIN_VALUE);
    }

    private void tellLeased(long confirmed, long until) {
        if (until != leased) {
            leased = until;
            told.leased(confirmed, until);
        }
    }

    private void notHanding() {
        handing = false;
        handedOver = false;
    }

    private void ask(Runnable what) {
        asked.add(what);
        wake.run();
    }

    /** From the shard. */
    private final class Members implements Replicas {

        @Override
        public void propose(long epoch, long ordinal, byte[] entry) {
            ask(() -> proposed.add(new Proposed(epoch, ordinal, entry)));
        }

        @Override
        public void stored(long index) {
            ask(() -> journal.applied(index));
        }

        @Override
        public void failed(String why) {
            ask(() -> {
                failure = why;
                told.failed(why);
            });
        }
    }

    /** What the replica tells. */
    private final class Machine implements GroupMachine {

        @Override
        public byte[] opening(long term) {
            return EntryCodec.encode(new Entry(EntryKind.LEAD, place.group, GroupPosition.epoch(term), 1, definitions.getAsLong(),
                clock.wallNanos(), List.of(), List.of(new EntryChange.Leader(place.self))));
        }

        @Override
        public void apply(long index, long term, byte[] bytes, int offset, int length) {
            if (!failure.isEmpty()) {
                throw new IllegalStateException(failure);
            }
            behind = false;
            shard.committed(index, term, bytes, offset, length);
        }

        @Override
        public boolean handsOver() {
            if (!handing) {
                handing = true;
                shard.handOver(() -> ask(() -> handedOver = handing));
            }
            return handedOver && proposed.isEmpty();
        }

        @Override
        public void keeps() {
            notHanding();
            shard.keep();
        }

        @Override
        public void leads(long term) {
            notHanding();
            leads = term;
            shard.leads(GroupPosition.epoch(term));
        }

        @Override
        public void follows() {
            notHanding();
            if (leads > 0) {
                leads = 0;
                shard.ceased();
            }
        }

        @Override
        public void behind() {
            behind = true;
            told.behind();
        }
    }
}

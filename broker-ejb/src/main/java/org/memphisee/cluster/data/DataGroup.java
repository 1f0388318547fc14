package org.memphisee.cluster.data;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import org.memphisee.cluster.raft.GroupLinks;
import org.memphisee.cluster.raft.GroupMachine;
import org.memphisee.cluster.raft.GroupMessage;
import org.memphisee.cluster.raft.GroupReplica;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.replication.Replicas;
import org.memphisee.core.replication.ShardReplica;
import org.memphisee.core.time.BrokerClock;

/**
 * A group of replicated partitions on this node: its replica, driven by whoever runs the groups of the node, and the way between
 * it and the shard that has the partitions. One thread, as with {@link GroupReplica}, but for what {@link Replicas} says.
 */
public final class DataGroup implements Replicas {

    /** Committed and not stored here: with more than that, entries of the leader are let go, and come again. */
    static final long QUEUED_BYTES = 64L << 20;

    private final String self;
    private final long id;
    private final JournalGroup journal;
    private final ShardReplica shard;
    private final BrokerClock clock;
    private final LongSupplier definitions;
    private final Runnable wake;
    private final GroupReplica replica;
    /** From the shard. */
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    /** Proposed by the shard and not taken by the replica yet, in their order. */
    private final ArrayDeque<Proposed> proposed = new ArrayDeque<>();
    /** Of the leadership that this member has and the shard knows of, 0 for none. */
    private long leads;
    private boolean elsewhere;
    private boolean behind;
    private String failure = "";

    private record Proposed(long epoch, long ordinal, byte[] entry) { }

    /**
     * Where a group is.
     *
     * @param self name of the node
     * @param members of all nodes that have it, the one that should lead first
     * @param journal what this one remembers of it
     * @param links the way to the others
     */
    public record Place(String self, List<String> members, JournalGroup journal, GroupLinks links) { }

    /**
     * A group that has just started.
     *
     * @param place the node and the other members, the one that should lead first; the group's journal
     * @param position up to where the store has it
     * @param shard has the partitions
     * @param definitions tells how many system events are folded here
     * @param wake has {@link #turn} called soon; from any thread
     */
    public DataGroup(Place place, GroupPosition position, ShardReplica shard, BrokerClock clock, LongSupplier definitions,
                     ReplicaSettings settings, RandomGenerator random, Runnable wake) {
        this.self = place.self();
        this.id = place.journal().id();
        this.journal = place.journal();
        this.shard = shard;
        this.clock = clock;
        this.definitions = definitions;
        this.wake = wake;
        shard.begin(this);
        this.replica = new GroupReplica(place.self(), place.members(), place.journal(), position.index(), new Machine(),
            place.links(), settings, random, clock.nowNanos());
    }

    /** The member that it drives: who leads, and how far it is. */
    public GroupReplica replica() {
        return replica;
    }

    /** Why what is committed is not applied here any more; empty while all is well. */
    public String failure() {
        return failure;
    }

    /** Whether this member lacks what nobody keeps: it must rebuild, which it cannot yet. */
    public boolean behind() {
        return behind;
    }

    /** When {@link #turn} is to be called next, monotonic. */
    public long due() {
        return replica.due();
    }

    /** Whether {@link #turn} is to be called now. Any thread. */
    public boolean ready() {
        return !asked.isEmpty() || replica.ready();
    }

    /** Does what there is to do. */
    public void turn(long now) {
        Runnable next;
        while ((next = asked.poll()) != null) {
            next.run();
        }
        handOver();
        replica.turn(now);
        handOver(); // what ended made room
        tellLeader();
    }

    /** Something arrived from another member. */
    public void received(String from, GroupMessage message, long now) {
        boolean entries = message instanceof GroupMessage.Append append && !append.entries().isEmpty();
        if (entries && shard.queuedBytes() > QUEUED_BYTES) {
            return; // as if it had been lost: the leader goes on with the others, and sends it again
        }
        replica.received(from, message, now);
        tellLeader();
    }

    private void handOver() {
        while (!proposed.isEmpty()) {
            Proposed first = proposed.peek();
            if (!replica.leading() || replica.failed() || GroupPosition.epoch(replica.term()) != first.epoch()) {
                proposed.poll();
                shard.notTaken(first.epoch(), first.ordinal());
            } else if (replica.propose(first.entry(), committed -> { })) {
                proposed.poll();
            } else {
                return; // enough is on its way, or leadership moves
            }
        }
    }

    private void tellLeader() {
        boolean now = !replica.leader().isEmpty() && !replica.leader().equals(self) && !replica.failed();
        if (now != elsewhere) {
            elsewhere = now;
            shard.leader(now);
        }
    }

    private void ask(Runnable what) {
        asked.add(what);
        wake.run();
    }

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
            replica.resign(clock.nowNanos());
        });
    }

    /** What the replica tells. */
    private final class Machine implements GroupMachine {

        @Override
        public byte[] opening(long term) {
            return EntryCodec.encode(new Entry(EntryKind.LEAD, id, GroupPosition.epoch(term), 1, definitions.getAsLong(),
                clock.wallNanos(), List.of(), List.of(new EntryChange.Leader(self))));
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
        public void leads(long term) {
            leads = term;
            shard.leads(GroupPosition.epoch(term));
        }

        @Override
        public void follows() {
            if (leads > 0) {
                leads = 0;
                shard.ceased();
            }
        }

        @Override
        public void behind() {
            behind = true;
        }
    }
}

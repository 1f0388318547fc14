package org.memphisee.cluster.data;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import org.memphisee.cluster.raft.GroupLinks;
import org.memphisee.cluster.raft.GroupMessage;
import org.memphisee.cluster.raft.GroupReplica;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.replication.ShardReplica;
import org.memphisee.core.time.BrokerClock;

/**
 * A group of replicated partitions that is driven alone, as simulations do: a {@link DataSeat} with a replica of its own. A node
 * has its seats in its loop instead. One thread, but for what the seat says.
 */
public final class DataGroup {

    private final DataSeat seat;
    private final BrokerClock clock;
    private final Place place;
    private final ReplicaSettings settings;
    private final RandomGenerator random;
    private final GroupRebuild rebuild;
    private GroupReplica replica;

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
                     ReplicaSettings settings, RandomGenerator random, Runnable wake, GroupRebuild.Parts parts, RebuildWay way)
        throws JournalException {
        this.clock = clock;
        this.place = place;
        this.settings = settings;
        this.random = random;
        seat = new DataSeat(new DataSeat.Place(place.self(), place.journal().id(), place.members()), position, shard, clock,
            definitions, wake, new Told());
        seat.of(place.journal());
        rebuild = new GroupRebuild(place.self(), place.journal().id(), place.members(), parts, way, random::nextLong, new Taken());
        boolean complete = place.journal().standing() == Standing.COMPLETE;
        if (complete && position.whole() && position.index() > place.journal().lastIndex()) {
            RebuildTaker.begin(place.journal(), position); // it was about to
        }
        replica = member();
        if (!complete || !position.whole()) {
            take();
        }
    }

    private GroupReplica member() {
        return new GroupReplica(place.self(), place.members(), place.journal(), seat.applied(place.journal()), seat.machine(), place.links(), settings,
            random, clock.nowNanos());
    }

    private void take() {
        if (!rebuild.taking()) {
            seat.rebuilding(true);
            rebuild.take(seat.position());
        }
    }

    private final class Taken implements RebuildTaker.Told {

        @Override
        public void rebuilt(GroupPosition at) {
            replica.leave();
            seat.rebuilt(at);
            replica = member();
        }

        @Override
        public void failed(String why) {
            seat.failed(why);
        }
    }

    /** Whether this member is being rebuilt. */
    public boolean rebuilding() {
        return rebuild.taking();
    }

    /** A frame about rebuilding arrived from another member. */
    public void received(String from, byte[] frame, long now) {
        rebuild.received(from, frame, replica, now);
    }

    /** The member that it drives: who leads, and how far it is. */
    public GroupReplica replica() {
        return replica;
    }

    /** Why what is committed is not applied here any more; empty while all is well. */
    public String failure() {
        return seat.failure();
    }

    /** Whether this member lacks what nobody keeps: it rebuilds. */
    public boolean behind() {
        return seat.isBehind();
    }

    /** When {@link #turn} is to be called next, monotonic. */
    public long due() {
        return replica.due();
    }

    /** Whether {@link #turn} is to be called now. Any thread. */
    public boolean ready() {
        return seat.ready() || replica.ready();
    }

    /** Does what there is to do. */
    public void turn(long now) {
        seat.turn(replica, now);
        replica.turn(now);
        seat.turn(replica, now); // what ended made room
        rebuild.turn(now);
    }

    /** Something arrived from another member. */
    public void received(String from, GroupMessage message, long now) {
        if (seat.admits(message)) {
            replica.received(from, message, now);
            seat.tellLeader();
        }
    }

    private final class Told implements DataSeat.Told {

        @Override
        public void leased(long confirmed, long until) { }

        @Override
        public void leader(String name) { }

        @Override
        public void failed(String why) {
            replica.resign(clock.nowNanos());
        }

        @Override
        public void behind() {
            take();
        }
    }
}

package org.memphisee.cluster.meta;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.time.BrokerClock;

/**
 * The definitions of a cluster as one node has them: ties log, group and requests together, and their two threads. Order of life:
 * construct, {@link NodeGroups#start}, the {@link Formation} is through, the control plane has recovered, {@link #begin}.
 */
public final class MetaNode {

    private static final long AGAIN_NANOS = 1_000_000_000;

    private final NodeGroups node;
    private final MetaLog log;
    private final Executor controlLoop;
    private final MetaSettings settings;
    private final BrokerClock clock;
    private final RaftJournal journal;
    private final MetaReport report;
    private final List<String> members;
    private final MetaDoor door;
    private final MetaAsks asks;
    private final MetaClaims claims;
    private final MetaOffers offers;
    private final MetaCatchUp catchUp;
    /** Of the node's loop. */
    private MetaGroup group;
    private volatile String leader = "";

    /**
     * Of a node whose loop does not run yet.
     *
     * @param members names of all nodes, the one that should lead first; the same on all nodes
     * @param controlLoop takes everything, in order
     * @param life number of this life of the node
     */
    public MetaNode(NodeGroups node, List<String> members, MetaLog log, Executor controlLoop, MetaSettings settings,
                    BrokerClock clock, RaftJournal journal, long life, MetaReport report) {
        this.node = node;
        this.members = List.copyOf(members);
        this.log = log;
        this.controlLoop = controlLoop;
        this.settings = settings;
        this.clock = clock;
        this.journal = journal;
        this.report = report;
        door = new MetaDoor(log);
        asks = new MetaAsks(node, log, controlLoop, door, settings);
        claims = new MetaClaims(node.self(), life, log, new Leader(), settings, clock);
        log.decideHere(claims, new SystemLog.NumberShare(this.members.indexOf(node.self()), this.members.size()));
        offers = new MetaOffers(node, log, controlLoop);
        node.serve(asks);
        catchUp = new MetaCatchUp(node, log, controlLoop, report);
        node.serve(offers);
        node.serve(catchUp);
        node.serve(new Room());
    }

    /**
     * Takes part from now on. Before the control loop runs.
     *
     * @param recovered last system event of this node's store
     * @param position {@link GroupPosition#read} of the same store, of {@link GroupPosition#DEFINITIONS}
     * @param engine of this node
     * @param current told once, on the control loop, when this node has seen everything that was there when it came
     */
    public void begin(long recovered, GroupPosition position, MetaEngine engine, Runnable current) {
        log.begin(recovered, new Out());
        door.append(engine);
        node.resume(() -> {
            try {
                JournalGroup meta = journal.group(MetaGroup.META);
                group = new MetaGroup(node.self(), members, clock, settings, meta, recovered, position,
                    new Decided());
                node.join(group);
                asks.of(group);
                offers.of(group, meta, engine::snapshot);
                catchUp.of(meta, members);
            } catch (JournalException e) {
                report.failed(e.getMessage());
            }
        });
        claims.whenCurrent(current);
    }

    /** Asks the leader, wherever it is; the answer is told on the control loop. */
    private final class Leader implements MetaClaims.Asking {

        @Override
        public void ask(byte[] request, MetaAnswer answer) {
            asks.ask(request, answer, clock.nowNanos());
        }

        @Override
        public void askSurely(byte[] request, MetaAnswer answer) {
            asks.askSurely(request, answer, clock.nowNanos());
        }
    }

    /** Who leads, empty when nobody is known; as of the last turn of the loop. Any thread. */
    public String leader() {
        return leader;
    }

    /**
     * Has others choose a leader anew, or one of them lead; false when this node does not lead. Any thread.
     *
     * @param to the node that is to lead, if it is in step within a second; empty for any
     */
    public boolean stepDown(String to) {
        return leader.equals(node.self()) && node.resume(() -> {
            if (to.isEmpty()) {
                group.resign(clock.nowNanos());
            } else {
                group.transfer(to, clock.nowNanos());
            }
        });
    }

    /** Has another node lead the definitions, one that is less hindered; nothing when none is. Any thread. */
    public void handOver() {
        node.resume(() -> {
            if (group != null) {
                group.handOver(node.hindrances().better(), clock.nowNanos());
            }
        });
    }

    /** For people; the node's loop. */
    @Override
    public String toString() {
        return group + ", " + log;
    }

    /** From the control loop to the node's loop. */
    private final class Out implements MetaLog.Proposer {

        @Override
        public void propose(long term, long index, byte[] event, MetaGroup.Ending ending) {
            if (!node.resume(() -> group.propose(term, index, event, ending))) {
                ending.failed(new UndecidedException(UndecidedException.Outcome.REFUSED,
                    "the change was not made: this node stops; "
                    + "ask again at another one"));
            }
        }

        @Override
        public void stored(long entry) {
            node.resume(() -> group.stored(entry));
        }

        @Override
        public void full() {
            node.wake();
        }

        @Override
        public void broken(StoreException cause) {
            node.resume(() -> node.giveUp(MetaGroup.META, cause.getMessage()));
        }
    }

    /** Has the log try again while the store has no room. */
    private final class Room implements NodeService {
        private long next = Long.MIN_VALUE;

        @Override
        public long turn(long now) {
            leader = group == null ? "" : group.leader();
            if (!log.full()) {
                return Long.MAX_VALUE;
            }
            if (next <= now) {
                next = now + AGAIN_NANOS;
                controlLoop.execute(log::again);
            }
            return next;
        }

        @Override
        public Set<Integer> kinds() {
            return Set.of();
        }

        @Override
        public void received(String peer, int kind, PeerFrame frame, long now) { }

        @Override
        public void linked(String peer, PeerIdentity who) { }

        @Override
        public void unlinked(String peer) {
            controlLoop.execute(() -> door.left(peer)); // behind what it asked for
        }

        @Override
        public void stopped() {
            claims.close();
        }
    }

    /** From the node's loop to the control loop. */
    private final class Decided implements MetaGroup.Listener {

        @Override
        public void committed(long entry, long inTerm, long first, List<byte[]> events, List<MetaGroup.Ending> own) {
            controlLoop.execute(() -> log.committed(entry, inTerm, first, events, own));
        }

        @Override
        public void leads(long term, long events) {
            controlLoop.execute(() -> log.leads(term, events));
        }

        @Override
        public void follows() {
            controlLoop.execute(log::follows);
        }

        @Override
        public void behind() {
            catchUp.behind();
        }

        @Override
        public void failed(String why) {
            report.failed(why);
        }
    }
}

package org.memphisee.cluster.meta;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.log.StoreException;
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
    private final MetaAsks asks;
    private final MetaOffers offers;
    private final MetaCatchUp catchUp;
    /** Of the node's loop. */
    private MetaGroup group;

    /**
     * Of a node whose loop does not run yet.
     *
     * @param controlLoop takes everything, in order
     * @param decider decides when this node leads
     */
    public MetaNode(NodeGroups node, MetaLog log, Executor controlLoop, MetaDecider decider, MetaSettings settings,
        BrokerClock clock,
                    RaftJournal journal, MetaReport report) {
        this.node = node;
        this.log = log;
        this.controlLoop = controlLoop;
        this.settings = settings;
        this.clock = clock;
        this.journal = journal;
        this.report = report;
        asks = new MetaAsks(node, log, controlLoop, decider, settings);
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
     * @param members names of all nodes, the one that should lead first
     * @param recovered last system event of this node's store
     * @param position {@link GroupPosition#read} of the same store, of {@link GroupPosition#DEFINITIONS}
     * @param definitions the definitions as they are at one moment, told on the control loop: for members that must rebuild
     */
    public void begin(List<String> members, long recovered, GroupPosition position,
                      Supplier<CompletableFuture<DefinitionsSnapshot>> definitions) {
        log.begin(recovered, new Out());
        node.resume(() -> {
            try {
                JournalGroup meta = journal.group(MetaGroup.META);
                group = new MetaGroup(node.self(), members, clock, settings, meta, recovered, position,
                    new Decided());
                node.join(group);
                asks.of(group);
                offers.of(group, meta, definitions);
                catchUp.of(meta, members);
            } catch (JournalException e) {
                report.failed(e.getMessage());
            }
        });
    }

    /**
     * Asks for a change of definitions, wherever they are led.
     *
     * @param answer told on the control loop, when this node has folded what it is about
     */
    public void ask(byte[] request, MetaAnswer answer) {
        asks.ask(request, answer, clock.nowNanos());
    }

    /** Who leads, empty when nobody is known. The node's loop. */
    public String leader() {
        return group == null ? "" : group.leader();
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
        public boolean takes(int kind) {
            return false;
        }

        @Override
        public void received(String peer, int kind, PeerFrame frame, long now) { }

        @Override
        public void linked(String peer, PeerIdentity who) { }

        @Override
        public void unlinked(String peer) { }

        @Override
        public void stopped() { }
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

package org.memphisee.cluster.meta;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.election.Hindrance;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalListener;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;

/**
 * Takes all definitions anew when this node lacks what nobody keeps. It goes on to vote until it has them: the leader may need that
 * to be one. Then it leaves the group, its store gets them in place of what it has, its log begins behind them, and it is to be
 * started again. Killed in between it is behind as before: a store that is further than the log is well. The node's loop.
 */
final class MetaCatchUp implements NodeService {

    private final NodeGroups node;
    private final MetaLog log;
    private final Executor controlLoop;
    private final MetaReport report;
    private JournalGroup journal;
    private List<String> members = List.of();
    private MetaTaking taking;
    private boolean behind;
    private boolean taken;
    private long ticket = Long.MAX_VALUE;

    MetaCatchUp(NodeGroups node, MetaLog log, Executor controlLoop, MetaReport report) {
        this.node = node;
        this.log = log;
        this.controlLoop = controlLoop;
        this.report = report;
    }

    void of(JournalGroup meta, List<String> names) {
        journal = meta;
        members = names.stream().filter(name -> !name.equals(node.self())).toList();
        taking = new MetaTaking(node, "", this::taken);
    }

    /** It lacks what nobody keeps. */
    void behind() {
        behind = true;
        node.hindrances().of(Hindrance.OPENS_AGAIN, true);
    }

    private void taken(MetaTaking.Taken given) {
        if (taken || given.old(journal)) {
            return;
        }
        taken = true;
        node.leave(MetaGroup.META);
        controlLoop.execute(() -> log.replace(given, failure -> node.resume(() -> {
            if (failure != null) {
                report.failed("the definitions of the others could not be stored: " + failure.getMessage());
            } else {
                begin(given);
            }
        })));
    }

    private void begin(MetaTaking.Taken given) {
        journal.attach(new JournalListener() {
            @Override
            public void durable(long upTo) {
                node.wake();
            }

            @Override
            public void refused(long from, JournalException why) {
                node.resume(report::behind); // the next start finds that it is behind, and tries again
            }

            @Override
            public void failed(JournalException why) {
                node.resume(() -> report.failed(why.getMessage()));
            }
        });
        try {
            ticket = given.begin(journal);
        } catch (JournalException e) {
            report.behind();
        }
    }

    @Override
    public long turn(long now) {
        if (taken && journal.durableTicket() >= ticket) {
            ticket = Long.MAX_VALUE;
            report.behind();
        }
        return behind && !taken ? taking.turn(members, false, now) : Long.MAX_VALUE;
    }

    @Override
    public Set<Integer> kinds() {
        return Set.of(MetaOffers.OFFER);
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        byte[] bytes = frame.bytes();
        frame.done();
        if (behind && !taken) {
            taking.received(peer, NodeFrames.body(bytes), now);
        }
    }

    @Override
    public void linked(String peer, PeerIdentity who) { }

    @Override
    public void unlinked(String peer) {
        if (taking != null) {
            taking.unlinked(peer);
        }
    }

    @Override
    public void stopped() { }
}

package org.memphisee.core.routing;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.errand.Errands;
import org.memphisee.core.errand.SentErrand;
import org.memphisee.core.routing.frame.RouteFrame;

/**
 * Errands to and from other nodes. One of this node goes to the node that decides about its partition and is answered by number;
 * while nobody does it waits if it is patient. After some seconds, and when it is not known whether a change was made, it ends
 * with what helps. Those of another node are done as long as their answers do not take too much memory: else it is told to ask
 * again. The routes' thread.
 */
final class ForwardedErrands {

    static final int ANSWERED = 0;
    static final int REFUSED = 1;
    static final int ELSEWHERE = 2;
    static final int BUSY = 3;
    static final int FAILED = 4;

    private static final long RETRY_NANOS = 20_000_000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    /** Figures are of use only while they are new. */
    private static final long HURRY_NANOS = 2_000_000_000L;
    private static final int MOST = 16_384;
    private static final byte[] NONE = {};

    /** An errand of this node. */
    private static final class Away {
        private final SentErrand<?> errand;
        private final PlacedPartition to;
        private final byte[] written;
        private Peer sentTo;
        /** Whether it is asked again because the node has too much to do. */
        private boolean busy;

        private Away(SentErrand<?> errand, PlacedPartition to) {
            this.errand = errand;
            this.to = to;
            this.written = errand.written();
        }

        private long limit() {
            return errand.sinceNanos() + (errand.patient() ? PATIENCE_NANOS : HURRY_NANOS);
        }
    }

    private final PeerRoutes routes;
    private final Shard shard;
    private final Map<Long, Away> sent = new LinkedHashMap<>();
    private List<Away> held = new ArrayList<>();
    private final ShardTimer retry = new ShardTimer(this::again);
    private long numbers;
    private long bytes;
    private volatile Errands errands;

    ForwardedErrands(PeerRoutes routes, Shard shard) {
        this.routes = routes;
        this.shard = shard;
        numbers = shard.clock().wallNanos();
    }

    /** Does those of other nodes from now on. */
    void door(Errands door) {
        errands = door;
    }

    // ---- of this node

    /** Takes errands. */
    void send(List<? extends SentErrand<?>> all) {
        for (SentErrand<?> errand : all) {
            PlacedPartition to = routes.router().partitions().placed(errand.partition());
            if (to == null) {
                errand.gone();
                continue;
            }
            Away away = new Away(errand, to);
            if (sent.size() + held.size() >= MOST || bytes + away.written.length > routes.settings().unansweredBytes()) {
                errand.busy();
                continue;
            }
            bytes += away.written.length;
            tryNow(away);
        }
        arm();
    }

    private void arm() {
        if (!retry.set() && !(held.isEmpty() && sent.isEmpty())) {
            shard.set(retry, shard.clock().nowNanos() + RETRY_NANOS);
        }
    }

    private void tryNow(Away away) {
        if (away.to.here() != null) {
            ended(away);
            away.errand.doHere();
            return;
        }
        Peer peer = routes.leader(away.to.id());
        if (peer != null && peer.linked()) {
            away.sentTo = peer;
            long number = ++numbers;
            sent.put(number, away);
            peer.errand(RouteFrame.entry(24 + away.written.length).i64(number).i64(away.to.id()).u8(away.errand.kind().number())
                .slice(away.written, 0, away.written.length).take());
        } else if (away.errand.patient()) {
            held.add(away);
        } else {
            ended(away);
            away.errand.nobodyDecides();
        }
    }

    private void ended(Away away) {
        bytes -= away.written.length;
    }

    /** What a peer answers. */
    void answered(Peer by, long number, int what, byte[] said) {
        Away away = sent.get(number);
        if (away == null || away.sentTo != by) {
            return;
        }
        sent.remove(number);
        if (what == ELSEWHERE || what == BUSY) {
            away.busy = what == BUSY;
            held.add(away);
            arm();
            return;
        }
        ended(away);
        switch (what) {
            case ANSWERED -> away.errand.answered(by.name(), said);
            case REFUSED -> away.errand.refused(ClientSession.text(said, 0, said.length));
            default -> away.errand.failed(by.name(), ClientSession.text(said, 0, said.length));
        }
    }

    /** A link has ended. */
    void gone(Peer peer) {
        for (Iterator<Away> all = sent.values().iterator(); all.hasNext();) {
            Away away = all.next();
            if (away.sentTo == peer) {
                all.remove();
                if (away.errand.kind().repeated()) {
                    held.add(away);
                } else {
                    ended(away);
                    away.errand.silent(peer.name());
                }
            }
        }
        arm();
    }

    /** This node ends: nobody hears of any of them any more. */
    void stop() {
        sent.values().forEach(away -> away.errand.nobodyDecides());
        held.forEach(away -> away.errand.nobodyDecides());
        sent.clear();
        held.clear();
        bytes = 0;
    }

    /** Leaders have changed, or time has passed. */
    void again() {
        long now = shard.clock().nowNanos();
        List<Away> all = held;
        held = new ArrayList<>();
        for (Away away : all) {
            Peer peer = routes.leader(away.to.id());
            boolean nobody = away.to.here() == null && (peer == null || !peer.linked());
            if (now - away.limit() >= 0 || nobody && now - away.errand.sinceNanos() >= routes.hold(away.to)) {
                ended(away);
                if (away.busy && !nobody) {
                    away.errand.busy();
                } else {
                    away.errand.nobodyDecides();
                }
            } else {
                tryNow(away);
            }
        }
        for (Iterator<Away> left = sent.values().iterator(); left.hasNext();) {
            Away away = left.next();
            if (now - away.limit() >= 0) {
                left.remove();
                ended(away);
                if (away.busy && away.errand.kind().repeated()) {
                    away.errand.busy();
                } else {
                    away.errand.silent(away.sentTo.name());
                }
            }
        }
        arm();
    }

    // ---- of other nodes

    /** Does one, unless too much of that node's is being done already. */
    void take(Peer from, long number, long partition, int kind, byte[] written) {
        PeerErrand reply = new PeerErrand(from, from.life(), number);
        PlacedPartition to = routes.router().partitions().placed(partition);
        Errands door = errands;
        if (to == null || to.here() == null || door == null) {
            from.errandAnswer(number, ELSEWHERE, NONE, from.life());
        } else if (!from.errandBegins(number, kind, shard.clock().nowNanos())) {
            from.errandAnswer(number, BUSY, NONE, from.life());
        } else {
            door.take(partition, kind, written, reply);
        }
    }
}

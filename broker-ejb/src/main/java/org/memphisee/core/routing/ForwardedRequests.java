package org.memphisee.core.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.routing.frame.RouteFrame;

/**
 * Requests to the API that the node answers which serves the stream: sent there with who asks, answered by number. While nobody
 * serves it they wait; then, and when it is not known whether one was done, the answer is an error, never silence. The routes' thread.
 */
final class ForwardedRequests {

    static final int SENT = 0;
    static final int NOBODY = 1;
    static final int ELSEWHERE = 2;
    /** As {@link #SENT}, and behind it how far definitions are in effect where it was answered. Only for who wants it. */
    static final int SENT_WITH_REACH = 3;
    /** Whether an answer is wanted: not, or so. Releases that do not know the last one take it for the one before. */
    private static final int UNWANTED = 0;
    private static final int WANTED = 1;
    static final int WANTED_WITH_REACH = 2;
    /** In place of a partition: any node answers, of itself. */
    static final long OF_ALL = -1;

    private static final long RETRY_NANOS = 20_000_000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int MOST = 16_384;
    private static final int MOST_OF_ALL = 1_024;

    /** An answer that waits until this node knows what it is about. */
    private record Answer(ApiRequest request, byte[] header, byte[] payload, long since) {
        private void send() {
            request.reply().send(header, payload);
        }
    }

    private record AskedOfAll(Peer peer, ApiRequest request, long since, Silence silence) { }

    /** Who has not answered a question yet. */
    private static final class Silence {
        private final boolean alone;
        private int left;
        private boolean answered;

        private Silence(boolean alone) {
            this.alone = alone;
        }
    }

    private final PeerRoutes routes;
    private final Shard shard;
    private final Map<Long, LeaderAsk> sent = new LinkedHashMap<>();
    private final List<LeaderAsk> held = new ArrayList<>();
    /** Questions to all nodes, one for each; who has nothing to say does not answer. */
    private final Map<Long, AskedOfAll> ofAll = new LinkedHashMap<>();
    private final Set<Answer> answers = new LinkedHashSet<>();
    private final ShardTimer retry = new ShardTimer(this::again);
    private long numbers;

    ForwardedRequests(PeerRoutes routes, Shard shard) {
        this.routes = routes;
        this.shard = shard;
        numbers = shard.clock().wallNanos();
    }

    /** Takes a request of a client here, or of another node that was wrong. */
    void ask(LeaderAsk asked) {
        if (sent.size() + held.size() >= MOST) {
            asked.fail();
        } else if (!send(asked)) {
            held.add(asked);
        }
        arm();
    }

    /**
     * One that was to be done here is to be brought to the node that decides about its stream; in a moment, since the news of that
     * may have yet to come. Any thread.
     */
    void later(LeaderAsk asked) {
        Lane lane = Lane.current();
        lane.command(shard, () -> hold(asked), asked.request().payload().length);
        if (!lane.looping()) {
            lane.flush();
        }
    }

    private void hold(LeaderAsk asked) {
        if (sent.size() + held.size() >= MOST || shard.clock().nowNanos() - asked.since() >= patience(asked)) {
            asked.fail();
        } else {
            held.add(asked);
            arm();
        }
    }

    /**
     * Asks all other nodes; with too much on its way only this one answers.
     *
     * @param alone whether only another node can answer: when none does, nobody serves the request
     */
    void askAll(Collection<Peer> peers, ApiRequest request, boolean alone) {
        Silence silence = new Silence(alone);
        for (Peer peer : peers) {
            if (peer.linked() && ofAll.size() < MOST_OF_ALL) {
                long number = ++numbers;
                ofAll.put(number, new AskedOfAll(peer, request, shard.clock().nowNanos(), silence));
                silence.left++;
                peer.request(entry(number, OF_ALL, request, WANTED));
            }
        }
        if (alone && silence.left == 0) {
            request.reply().nobody();
        }
        arm();
    }

    /** One of those that were asked says nothing, and never will. */
    private static void silent(AskedOfAll asked) {
        if (--asked.silence().left == 0 && asked.silence().alone && !asked.silence().answered) {
            asked.request().reply().nobody();
        }
    }

    /** Whether it can be answered by this node, now: what is read must be the newest, and may not be of a leader that was replaced. */
    boolean here(PlacedPartition to, LeaderRequest kind, long since) {
        return to.here() != null && (!kind.repeated() || routes.certain(to, since));
    }

    private void arm() {
        if (!retry.set() && !(held.isEmpty() && sent.isEmpty() && ofAll.isEmpty() && answers.isEmpty())) {
            shard.set(retry, shard.clock().nowNanos() + RETRY_NANOS);
        }
    }

    private boolean send(LeaderAsk asked) {
        PlacedPartition to = asked.to(routes.router().partitions());
        if (to == null || here(to, asked.kind(), asked.since())) {
            asked.doHere(); // which says so when there is no such stream any more
            return true;
        }
        Peer peer = routes.leader(to.id());
        if (peer == null || !peer.linked()) {
            return false;
        }
        asked.sent(++numbers, peer);
        ApiRequest r = asked.request();
        peer.request(entry(asked.number(), to.id(), r, !r.reply().wanted() ? UNWANTED
            : asked.kind().defines() ? WANTED_WITH_REACH : WANTED));
        if (r.reply().wanted()) {
            sent.put(asked.number(), asked);
        }
        return true;
    }

    private static byte[] entry(long number, long partition, ApiRequest r, int wanted) {
        return RouteFrame.entry(128 + r.payload().length + r.header().length).i64(number).i64(partition)
            .u8(wanted).text(r.client().user()).text(r.client().connectionId()).text(r.client().lang())
            .text(r.client().tenant()).text(r.client().address()).text(r.subject()).slice(r.header(), 0, r.header().length)
            .slice(r.payload(), 0, r.payload().length).take();
    }

    /**
     * What a peer answers.
     *
     * @param reach how far definitions were in effect there, 0 when it did not say
     */
    void answered(Peer by, long number, int what, byte[] header, byte[] payload, long reach) {
        AskedOfAll one = ofAll.get(number);
        if (one != null && one.peer() == by) {
            ofAll.remove(number);
            if (what == SENT) {
                one.silence().answered = true;
                one.request().reply().send(header, payload);
            }
            silent(one);
            return;
        }
        LeaderAsk asked = sent.get(number);
        if (asked == null || asked.sentTo() != by) {
            return;
        }
        sent.remove(number);
        switch (what) {
            case SENT -> asked.request().reply().send(header, payload);
            case SENT_WITH_REACH -> handOn(new Answer(asked.request(), header, payload, shard.clock().nowNanos()), reach);
            case NOBODY -> asked.request().reply().nobody();
            default -> hold(asked);
        }
    }

    /**
     * What was changed elsewhere has an answer that the client hears when it is so here: what it asks for next may be looked up
     * here. A node that is far behind does not keep it waiting without end.
     */
    private void handOn(Answer answer, long reach) {
        answers.add(answer);
        arm();
        routes.reach().whenReached(reach, () -> shard.execute(() -> {
            if (answers.remove(answer)) {
                answer.send();
            }
        }));
    }

    /** A link has ended. */
    void gone(Peer peer) {
        forget(asked -> asked.peer() == peer);
        for (LeaderAsk asked : List.copyOf(sent.values())) {
            if (asked.sentTo() == peer) {
                sent.remove(asked.number());
                if (asked.kind().repeated()) {
                    held.add(asked);
                } else {
                    asked.fail();
                }
            }
        }
        arm();
    }

    private void forget(Predicate<AskedOfAll> which) {
        List<AskedOfAll> over = ofAll.values().stream().filter(which).toList();
        ofAll.values().removeAll(over);
        over.forEach(ForwardedRequests::silent);
    }

    /** Leaders have changed, or time has passed. */
    void again() {
        long now = shard.clock().nowNanos();
        List<LeaderAsk> all = List.copyOf(held);
        held.clear();
        for (LeaderAsk asked : all) {
            if (!send(asked)) {
                if (now - asked.since() >= patience(asked)) {
                    asked.fail();
                } else {
                    held.add(asked);
                }
            }
        }
        while (!answers.isEmpty() && now - answers.iterator().next().since() >= routes.settings().holdNanos()) {
            Answer oldest = answers.iterator().next();
            answers.remove(oldest);
            oldest.send();
        }
        forget(asked -> now - asked.since() >= PATIENCE_NANOS);
        for (LeaderAsk asked : List.copyOf(sent.values())) {
            if (now - asked.since() < PATIENCE_NANOS) {
                break; // roughly by age
            }
            sent.remove(asked.number());
            asked.fail();
        }
        arm();
    }

    private long patience(LeaderAsk asked) {
        PlacedPartition to = asked.to(routes.router().partitions());
        return to == null ? routes.settings().holdNanos() : routes.hold(to);
    }
}

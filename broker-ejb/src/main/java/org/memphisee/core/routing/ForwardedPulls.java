package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.core.wire.AckSubject;
import org.memphisee.core.wire.PullRequest;
import org.memphisee.core.wire.PullRequests;
import org.memphisee.core.wire.StatusBlocks;
import org.memphisee.port.PublishRequest;

/**
 * What clients say about deliveries of partitions that other nodes serve. A request for messages is remembered until it has all that
 * it wants: when its leader changes, the rest is asked of the next one (K15). The routes' thread.
 */
final class ForwardedPulls {

    static final int ACKNOWLEDGE = 0;
    static final int PULL = 1;
    static final int FLOW_CONTROL = 2;
    static final int ACKNOWLEDGE_SENT_ON = 3;

    static final int QUIET = 0;
    static final int HEARD = 1;
    static final int OVER = 2;

    private static final int MOST = 65_536;
    private static final long RETRY_NANOS = 20_000_000;
    private static final long GRACE_NANOS = 1_000_000_000;
    private static final byte[] NONE = {};
    private static final byte[] DONE = "+ACK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT = "+NXT".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEARTBEAT = "NATS/1.0 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LEADERSHIP = "NATS/1.0 409 Leadership Change".getBytes(StandardCharsets.US_ASCII);
    private static final String LEADERSHIP_CHANGE = "409 Leadership Change";

    /** A request for messages of a client here. */
    private static final class Pull {
        private final PlacedPartition to;
        private final byte[] consumer;
        private final InboxRoute inbox;
        /** Null for one that the leader will refuse. */
        private final PullRequest request;
        private final Runnable unknown;
        private final long deadline;
        private AutoCloseable watch = () -> { };
        private byte[] payload;
        private long number;
        private Peer sentTo;
        private long left;
        private long bytesLeft;
        private long waitsSince;
        private boolean served;
        private boolean heard;

        private Pull(PlacedPartition to, byte[] consumer, InboxRoute inbox, PullRequest request, byte[] payload, Runnable unknown,
                     long deadline) {
            this.to = to;
            this.consumer = consumer;
            this.inbox = inbox;
            this.request = request;
            this.payload = payload;
            this.unknown = unknown;
            this.deadline = deadline;
            left = request == null ? 1 : request.batch();
            bytesLeft = request == null ? 0 : request.maxBytes();
        }
    }

    private final PeerRoutes routes;
    private final Shard shard;
    private final Map<Long, Pull> sent = new LinkedHashMap<>();
    private final List<Pull> held = new ArrayList<>();
    private final ForwardedAcks acks;
    private final AckSubject ackSubject = new AckSubject();
    private final ShardTimer retry = new ShardTimer(this::again);
    private final ShardTimer sweep = new ShardTimer(this::sweep);
    private long numbers;

    ForwardedPulls(PeerRoutes routes, Shard shard) {
        this.routes = routes;
        this.shard = shard;
        numbers = shard.clock().wallNanos() | 1; // odd: answers with even numbers are for publishes
        acks = new ForwardedAcks(this.routes, shard, this::number);
    }

    private long number() {
        return numbers += 2;
    }

    /** Requests that wait for messages from other nodes. */
    int size() {
        return sent.size() + held.size();
    }

    // ---- of clients

    /** What a client here says of a delivery. */
    void acknowledge(PlacedPartition to, PublishRequest r, String reply, Runnable unknown) {
        int payload = r.bodyOffset() + r.headerLength();
        if (to.takes() != null || reply.isEmpty() || !Router.startsWith(r.bytes(), payload, r.payloadLength(), NEXT)
            || !ackSubject.parse(r.bytes(), r.subjectOffset(), r.subjectLength())) {
            acks.acknowledge(to, r, reply, unknown, ForwardedAcks.Way.OWN);
            return;
        }
        PeerInbox asks = routes.inbox(reply);
        if (asks != null) { // it is asked again, of the next leader, by the node of the client
            asks.elsewhere();
            acknowledged(to, r, ForwardedAcks.Way.OWN);
            return;
        }
        Pull pull = accept(to, Arrays.copyOfRange(r.bytes(), ackSubject.consumerOffset,
            ackSubject.consumerOffset + ackSubject.consumerLength), next(r, payload), reply, unknown);
        Peer peer = routes.leader(to.id());
        if (pull == null) {
            acknowledged(to, r, ForwardedAcks.Way.OWN);
        } else if (peer != null && peer.linked() && !acks.waits(to)) {
            sent(pull, peer);
            peer.traffic(entry(ACKNOWLEDGE, pull.number, to, r));
        } else {
            acknowledged(to, r, ForwardedAcks.Way.OWN);
            hold(pull);
        }
    }

    /** The first half of an acknowledgement that asks for more. */
    private void acknowledged(PlacedPartition to, PublishRequest r, ForwardedAcks.Way way) {
        byte[] all = Arrays.copyOfRange(r.bytes(), r.subjectOffset(), r.subjectOffset() + r.subjectLength() + DONE.length);
        System.arraycopy(DONE, 0, all, r.subjectLength(), DONE.length);
        acks.acknowledge(to, new PublishRequest(all, 0, r.subjectLength(), 0, 0, r.subjectLength(), 0, DONE.length), "",
            () -> { }, way);
    }

    /**
     * What a client of another node says of a delivery of a partition that is not served here, or no more.
     *
     * @param sentOn whether another node brought it that did not serve the partition either
     * @param next whether it asks for more, of which its node is told
     */
    void acknowledge(PlacedPartition to, PublishRequest r, String reply, Runnable unknown, boolean sentOn, boolean next) {
        ForwardedAcks.Way way = sentOn ? ForwardedAcks.Way.SENT_ON : ForwardedAcks.Way.PEERS;
        if (next) {
            acknowledged(to, r, way);
        } else {
            acks.acknowledge(to, r, reply, unknown, way);
        }
    }

    private static byte[] next(PublishRequest r, int payload) {
        int from = payload + NEXT.length;
        int end = payload + r.payloadLength();
        while (from < end && r.bytes()[from] == ' ') {
            from++;
        }
        return Arrays.copyOfRange(r.bytes(), from, end);
    }

    void flowControl(PlacedPartition to, String consumer, String subject) {
        if (to.here() != null) {
            to.here().flowControl(Lane.current(), consumer, subject, 0);
            return;
        }
        Peer peer = routes.leader(to.id());
        if (peer != null && peer.linked()) {
            byte[] s = subject.getBytes(StandardCharsets.UTF_8);
            byte[] c = consumer.getBytes(StandardCharsets.UTF_8);
            peer.traffic(RouteFrame.entry(64).u8(FLOW_CONTROL).i64(0).i64(to.id()).slice(s, 0, s.length).slice(NONE, 0, 0)
                .slice(c, 0, c.length).take());
        }
    }

    void pull(PlacedPartition to, byte[] consumer, PublishRequest r, String inbox, Runnable unknown) {
        PeerInbox asks = routes.inbox(inbox);
        if (asks != null) { // as above
            asks.elsewhere();
            return;
        }
        int from = r.bodyOffset() + r.headerLength();
        Pull pull = accept(to, consumer, Arrays.copyOfRange(r.bytes(), from, from + r.payloadLength()), inbox, unknown);
        if (pull != null && !send(pull)) {
            hold(pull);
        }
    }

    /** Null, and the client is told, when there are too many. */
    private Pull accept(PlacedPartition to, byte[] consumer, byte[] payload, String inbox, Runnable unknown) {
        InboxRoute route = new InboxRoute(routes.router(), inbox, "");
        if (size() >= MOST) {
            route.status(StatusBlocks.EXCEEDED_MAX_WAITING, "");
            return null;
        }
        PullRequest request = PullRequests.parse(payload, inbox) instanceof PullRequests.Accepted a ? a.request() : null;
        return remember(to, consumer, route, request, payload, unknown);
    }

    /** What is left of a request of a client here that was served here until now. */
    void handedOn(PlacedPartition to, byte[] consumer, PullRequest request) {
        InboxRoute route = new InboxRoute(routes.router(), request.inbox(), "");
        if (size() >= MOST) {
            route.status(StatusBlocks.unfinished(LEADERSHIP_CHANGE, request.batch(), request.maxBytes()), "");
            return;
        }
        Pull pull = remember(to, consumer, route, request, NONE, () -> {
            routes.router().inbox(request.inbox(), "").status(StatusBlocks.CONSUMER_DELETED, "");
            routes.router().handOver();
        });
        pull.payload = rest(pull);
        if (!send(pull)) {
            hold(pull);
        }
    }

    private Pull remember(PlacedPartition to, byte[] consumer, InboxRoute route, PullRequest request, byte[] payload,
                          Runnable unknown) {
        long now = shard.clock().nowNanos();
        long expires = request == null ? 0 : request.expiresNanos();
        long deadline = expires == 0 || now + expires < now ? Long.MAX_VALUE : now + expires;
        Pull pull = new Pull(to, consumer, route, request, payload, unknown, deadline);
        pull.heard = route.hasInterest();
        pull.watch = routes.router().watch(route.subject(), shard, () -> listenersChanged(pull));
        return pull;
    }

    private void listenersChanged(Pull pull) {
        boolean hears = pull.inbox.hasInterest();
        if (hears == pull.heard) {
            return;
        }
        pull.heard = hears;
        boolean known = sent.get(pull.number) == pull;
        if (!hears && pull.deadline == Long.MAX_VALUE) { // nobody can ask for the rest
            held.remove(pull);
            end(pull);
        } else if (known) {
            pull.sentTo.pull(pull.number, hears ? HEARD : QUIET);
        }
    }

    private void hold(Pull pull) {
        pull.waitsSince = shard.clock().nowNanos();
        held.add(pull);
        arm();
    }

    private void arm() {
        if (!retry.set()) {
            shard.set(retry, shard.clock().nowNanos() + RETRY_NANOS);
        }
    }

    /** False when it has to wait. */
    private boolean send(Pull pull) {
        PlacedPartition to = pull.to;
        PartitionRef here = to.here();
        byte[] subject = ("$JS.API.CONSUMER.MSG.NEXT." + to.config().name() + ".").getBytes(StandardCharsets.UTF_8);
        if (here != null) {
            byte[] all = new byte[subject.length + pull.consumer.length + pull.payload.length];
            System.arraycopy(subject, 0, all, 0, subject.length);
            System.arraycopy(pull.consumer, 0, all, subject.length, pull.consumer.length);
            int body = subject.length + pull.consumer.length;
            System.arraycopy(pull.payload, 0, all, body, pull.payload.length);
            here.pull(Lane.current(), new PublishRequest(all, 0, body, 0, 0, body, 0, pull.payload.length), subject.length,
                pull.consumer.length, pull.inbox.subject(), 0, pull.unknown);
            close(pull);
            return true;
        }
        Peer peer = routes.leader(to.id());
        if (peer == null || !peer.linked()) {
            return false;
        }
        sent(pull, peer);
        peer.traffic(RouteFrame.entry(64).u8(PULL).i64(pull.number).i64(to.id()).slice(pull.consumer, 0, pull.consumer.length)
            .u8(pull.heard ? HEARD : QUIET).slice(pull.payload, 0, pull.payload.length).take());
        return true;
    }

    private void sent(Pull pull, Peer peer) {
        pull.number = number();
        pull.sentTo = peer;
        sent.put(pull.number, pull);
        if (!sweep.set()) {
            shard.set(sweep, shard.clock().nowNanos() + GRACE_NANOS);
        }
    }

    private static byte[] entry(int what, long number, PlacedPartition to, PublishRequest r) {
        return RouteFrame.entry(64 + r.subjectLength() + r.payloadLength()).u8(what).i64(number).i64(to.id())
            .slice(r.bytes(), r.subjectOffset(), r.subjectLength()).slice(NONE, 0, 0)
            .slice(r.bytes(), r.bodyOffset() + r.headerLength(), r.payloadLength()).take();
    }

    // ---- of leaders

    /** A message or a status for a request. */
    void delivered(Peer by, long number, byte[] frame, int shown, int shownLength, int reply, int replyLength, int body, int headers,
                   int payload) {
        Pull pull = sent.get(number);
        if (pull == null || pull.sentTo != by) {
            return;
        }
        boolean status = shownLength == 0;
        if (status && Router.startsWith(frame, body, headers, LEADERSHIP) && pull.request != null) {
            again(pull);
            return;
        }
        pull.inbox.forward(frame, shown, shownLength, reply, replyLength, body, headers, payload);
        if (!status) {
            pull.left--;
            pull.bytesLeft -= pull.bytesLeft > 0 ? shownLength + replyLength + headers + payload : 0;
            pull.served = true;
            if (pull.left == 0 && (pull.request == null || pull.request.maxBytes() == 0)) {
                end(pull);
            }
        } else if (!Router.startsWith(frame, body, headers, HEARTBEAT)) {
            end(pull);
        }
    }

    /** The peer has no such consumer. */
    void unknown(Peer by, long number) {
        acks.unknown(number);
        Pull pull = sent.get(number);
        if (pull != null && pull.sentTo == by) {
            end(pull);
            pull.unknown.run();
        }
    }

    /** The peer does not serve the partition. */
    void elsewhere(Peer by, long number) {
        Pull pull = sent.get(number);
        if (pull != null && pull.sentTo == by) {
            again(pull);
        }
    }

    /** The rest is for the next leader. */
    private void again(Pull pull) {
        sent.remove(pull.number, pull);
        pull.sentTo.pull(pull.number, OVER);
        pull.payload = rest(pull);
        hold(pull);
    }

    private byte[] rest(Pull pull) {
        if (pull.request == null) {
            return pull.payload;
        }
        PullRequest request = pull.request;
        StringBuilder json = new StringBuilder("{\"batch\":").append(Math.max(1, pull.left));
        if (pull.deadline != Long.MAX_VALUE) {
            json.append(",\"expires\":").append(Math.max(1_000_000, pull.deadline - shard.clock().nowNanos()));
        }
        if (request.noWait()) {
            json.append(",\"no_wait\":true");
        }
        if (request.maxBytes() > 0) {
            json.append(",\"max_bytes\":").append(Math.max(1, pull.bytesLeft));
        }
        long expires = pull.deadline == Long.MAX_VALUE ? 0 : pull.deadline - shard.clock().nowNanos();
        long heartbeat = Math.min(request.idleHeartbeatNanos(), expires / 2); // more than half is refused
        if (heartbeat > 0) {
            json.append(",\"idle_heartbeat\":").append(heartbeat);
        }
        return json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** A link has ended. */
    void gone(Peer peer) {
        for (Pull pull : List.copyOf(sent.values())) {
            if (pull.sentTo == peer) {
                again(pull);
            }
        }
    }

    /** Leaders have changed, or time has passed. */
    void again() {
        acks.again(); // what they free may be what a request waits for
        long now = shard.clock().nowNanos();
        List<Pull> all = List.copyOf(held);
        held.clear();
        for (Pull pull : all) {
            if (now >= pull.deadline) {
                finish(pull, "408 Request Timeout");
            } else if (pull.heard && pull.left <= 0) {
                close(pull);
            } else if (send(pull)) {
                continue;
            } else if (now - pull.waitsSince >= routes.hold(pull.to)) {
                finish(pull, LEADERSHIP_CHANGE);
            } else {
                held.add(pull);
            }
        }
        if (!held.isEmpty()) {
            arm();
        }
    }

    private void finish(Pull pull, String status) {
        if (pull.inbox.hasInterest()) {
            pull.inbox.status(StatusBlocks.unfinished(status, pull.left, Math.max(0, pull.bytesLeft)), "");
        }
        close(pull);
    }

    /** Leaders end requests whose time is over; those of which nothing was heard are forgotten. */
    private void sweep() {
        long limit = shard.clock().nowNanos() - GRACE_NANOS;
        for (Pull pull : List.copyOf(sent.values())) {
            if (pull.deadline <= limit) {
                end(pull);
            }
        }
        if (!sent.isEmpty()) {
            shard.set(sweep, shard.clock().nowNanos() + GRACE_NANOS);
        }
    }

    private void end(Pull pull) {
        if (sent.remove(pull.number, pull)) {
            pull.sentTo.pull(pull.number, OVER);
        }
        close(pull);
    }

    private static void close(Pull pull) {
        try {
            pull.watch.close();
        } catch (Exception e) {
            throw new IllegalStateException("a watch does not fail to close", e);
        }
        pull.watch = () -> { };
    }
}

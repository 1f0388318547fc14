package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.memphisee.core.api.ApiHandler;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.api.PeerSubscriptions;
import org.memphisee.core.api.Reply;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.cluster.DefinitionsReach;
import org.memphisee.core.cluster.PartitionLeaders;
import org.memphisee.core.cluster.link.LinkEnd;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.PeerListener;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.errand.ErrandWay;
import org.memphisee.core.errand.Errands;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.routing.frame.RouteEntries;
import org.memphisee.core.routing.frame.RouteFrameException;
import org.memphisee.core.routing.frame.RouteKind;
import org.memphisee.core.subject.Subjects;
import org.memphisee.port.ClusterMembers;
import org.memphisee.port.PublishRequest;

/**
 * The way of clients' messages between the nodes of a cluster, so that any node serves any client: who listens where, messages
 * for them, and what is for partitions that another node serves. A loop of its own does everything, a {@link Shard} without
 * partitions: whoever has something for another node hands it over with what it gathered in its turn, frames that arrive are
 * handed over as they are, and what a turn has for a node leaves at its end. What another node says harms nobody but what it is
 * about.
 */
public final class PeerRoutes implements PeerListener {

    private static final String TO_ALL = "$SYS.REQ.SERVER.PING";

    static final int BEGIN = 0;
    static final int END = 1;
    static final int SET = 2;

    private final Router router;
    private final Shard shard;
    private final RoutesSettings settings;
    private final RoutesReport report;
    /** Begins the inbox of a request of another node; unknown to clients. */
    private final String secret;
    private final Forwards forwards;
    private final ForwardedPulls pulls;
    private final ForwardedRequests requests;
    private final ForwardedErrands errands;
    private final InterestExports exports;
    private final Set<Peer> touched = new LinkedHashSet<>();
    private final List<Untold> untold = new ArrayList<>();
    private final ShardTimer gather = new ShardTimer(this::tellInterest);
    private final ShardTimer patience = new ShardTimer(this::lookAtUntold);
    /** Where clients find the nodes that are linked, by name; told to clients when their routes are there. */
    private final Map<String, String> urls = new TreeMap<>();
    private Consumer<ClusterMembers> members = none -> { };
    private String cluster = "";
    private String ownUrls = "";
    private boolean flushing;
    private volatile Map<String, Peer> peers = Map.of();
    private volatile PartitionLeaders leaders;
    private volatile DefinitionsReach reach = DefinitionsReach.ALL;
    private PartitionLeaders.Subscription subscription = () -> { };

    /** A request that nobody seems to hear, as long as not all nodes have said who listens there. */
    private record Untold(ClientSession session, PublishRequest request, long until) { }

    /**
     * Routes that know no other node yet.
     *
     * @param router of this node; nobody has subscribed to anything yet
     * @param shard the loop, whose number is that of no shard with partitions
     * @param secret a text that no client can guess, without dots
     */
    public PeerRoutes(Router router, Shard shard, String secret, RoutesSettings settings, RoutesReport report) {
        this.router = router;
        this.shard = shard;
        this.settings = settings;
        this.report = report;
        this.secret = secret + ".";
        forwards = new Forwards(this, shard);
        pulls = new ForwardedPulls(this, shard);
        requests = new ForwardedRequests(this, shard);
        errands = new ForwardedErrands(this, shard);
        exports = new InterestExports(() -> shard.execute(() -> shard.set(gather, shard.clock().nowNanos()
            + settings.gatherNanos())));
        router.peers(this);
    }

    /** Over which it talks from now on, and who serves what. Before the links do anything. */
    public void over(PeerLinks links, PartitionLeaders serving) {
        Map<String, Peer> all = new TreeMap<>();
        links.peers().forEach(name -> all.put(name, new Peer(this, name, links)));
        peers = all;
        leaders = serving;
        subscription = serving.whenChanged(this::leadersChanged);
    }

    /**
     * What clients are told of the cluster. Before the links do anything.
     *
     * @param name of the cluster
     * @param own where clients find this node: URLs with commas between them, those of WebSocket with their scheme
     * @param told hears of each change
     */
    public void announce(String name, String own, Consumer<ClusterMembers> told) {
        cluster = name;
        ownUrls = own;
        members = told;
        shard.execute(this::announce);
    }

    /** How far definitions are in effect here: what clients of this node change elsewhere is answered when it is so here. */
    public void definitions(DefinitionsReach here) {
        reach = here;
    }

    /** Does errands of other nodes with these from now on; what they have done elsewhere goes where this says. */
    public ErrandWay errands(Errands door) {
        errands.door(door);
        return all -> shard.execute(() -> errands.send(all));
    }

    /** This node stops: its clients are told of the others only. */
    public void leaving() {
        shard.execute(() -> {
            ownUrls = "";
            announce();
        });
    }

    /** Whoever still waits is told. Before the loop ends. */
    public void close() {
        subscription.close();
        shard.execute(forwards::stop);
        shard.execute(errands::stop);
    }

    // ---- any thread

    Router router() {
        return router;
    }

    Shard shard() {
        return shard;
    }

    RoutesSettings settings() {
        return settings;
    }

    RoutesReport report() {
        return report;
    }

    DefinitionsReach reach() {
        return reach;
    }

    Forwards forwards() {
        return forwards;
    }

    ForwardedPulls pulls() {
        return pulls;
    }

    InterestExports exports() {
        return exports;
    }

    /** Plain messages that were lost because a node was too slow. */
    public long lost() {
        return peers.values().stream().mapToLong(Peer::lost).sum();
    }

    /** Publishes that wait now for somebody to lead their partition. */
    public long held() {
        return forwards.held();
    }

    /**
     * What clients of linked nodes listen to, as far as they told.
     *
     * @param list whether the patterns are asked for too, which is a walk over all that anybody listens to
     */
    public List<PeerSubscriptions> subscriptions(boolean list) {
        Map<String, List<PeerSubscriptions.Pattern>> patterns = list ? router.table().remotePatterns() : Map.of();
        return peers.values().stream().filter(Peer::linked)
            .map(p -> new PeerSubscriptions(p.name(), p.patterns(), patterns.getOrDefault(p.name(), List.of()))).toList();
    }

    /** Whether all linked nodes have said who listens there. */
    boolean allTold() {
        for (Peer peer : peers.values()) {
            if (peer.linked() && !peer.told()) {
                return false;
            }
        }
        return true;
    }

    /** The node that serves a partition, null when it is not known, or this one. */
    Peer leader(long partition) {
        PartitionLeaders known = leaders;
        return known == null ? null : peers.get(known.leader(partition));
    }

    /** Whether what this node has of a partition that it serves is the newest that there was when somebody asked. */
    boolean certain(PlacedPartition to, long since) {
        PartitionLeaders known = leaders;
        return known == null || known.certain(to.id(), since, shard.clock().nowNanos());
    }

    /** So long what needs the partition's leader waits for one. */
    long hold(PlacedPartition to) {
        Peer peer = leader(to.id());
        return to.config().replicas() <= 1 && peer != null && !peer.linked() ? settings.holdAloneNanos() : settings.holdNanos();
    }

    void leadersChanged() {
        shard.execute(() -> {
            forwards.again();
            pulls.again();
            requests.again();
            errands.again();
        });
    }

    /** Questions to servers: to all of them, or to the one that the subject names. */
    ApiHandler servedByServers(ApiHandler handler) {
        ApiHandler all = servedByAll(handler);
        ApiHandler one = servedByOne(handler);
        return request -> {
            boolean toAll = request.subject().equals(TO_ALL) || request.subject().startsWith(TO_ALL + ".");
            (toAll ? all : one).handle(request);
        };
    }

    /** Serves a request here, and has all other nodes serve it too; each that knows something to say answers. */
    private ApiHandler servedByAll(ApiHandler handler) {
        return request -> {
            handler.handle(request);
            if (request.reply().wanted() && !(request.reply() instanceof PeerReply)) {
                Lane.current().command(shard, () -> requests.askAll(peers.values(), request, false), request.payload().length);
                router.handOver();
            }
        };
    }

    /** Serves a request here, or, when nobody does here, has all other nodes asked, of which one may know the answer. */
    private ApiHandler servedByOne(ApiHandler handler) {
        return request -> handler.handle(!request.reply().wanted() || request.reply() instanceof PeerReply ? request
            : new ApiRequest(request.client(), request.subject(), request.header(), request.payload(), new ElseOthers(request)));
    }

    /** Has others asked before it says that nobody serves a request. */
    private final class ElseOthers implements Reply {
        private final ApiRequest request;

        private ElseOthers(ApiRequest request) {
            this.request = request;
        }

        @Override
        public boolean wanted() {
            return true;
        }

        @Override
        public void send(byte[] payload) {
            request.reply().send(payload);
        }

        @Override
        public void send(byte[] headerBlock, byte[] payload) {
            request.reply().send(headerBlock, payload);
        }

        @Override
        public void nobody() {
            Lane.current().command(shard, () -> requests.askAll(peers.values(), request, true), request.payload().length);
            router.handOver();
        }
    }

    /** Serves a request here, or has the node serve it that serves its stream. */
    ApiHandler served(LeaderRequest kind, ApiHandler handler) {
        return request -> {
            LeaderAsk asked = new LeaderAsk(requests, kind, request, handler, shard.clock().nowNanos());
            PlacedPartition to = asked.to(router.partitions());
            if (to != null && !requests.here(to, kind, asked.since())) {
                Lane lane = Lane.current();
                lane.command(shard, () -> requests.ask(asked), request.payload().length);
                if (!lane.looping()) {
                    router.handOver();
                }
            } else {
                asked.doHere();
            }
        };
    }

    /** Where a request for messages of another node wants them; null for a subject that is none of these. */
    PeerInbox inbox(String subject) {
        if (!subject.startsWith(secret)) {
            return null;
        }
        String[] parts = subject.split("\\.");
        int n = parts.length;
        int end = subject.length() - parts[n - 1].length() - parts[n - 2].length() - 2;
        Peer peer = peers.get(subject.substring(secret.length(), end));
        return new PeerInbox(peer, Long.parseLong(parts[n - 2]), Long.parseLong(parts[n - 1]));
    }

    private String inbox(Peer peer, long number) {
        return secret + peer.name() + "." + peer.life() + "." + number;
    }

    /** A request that nobody seems to hear: looked at again when all nodes have said who listens there. */
    void untold(ClientSession session, PublishRequest r) {
        Lane lane = Lane.current();
        lane.command(shard, () -> {
            untold.add(new Untold(session, r, shard.clock().nowNanos() + settings.untoldNanos()));
            shard.hold(r.bodyLength());
            lookAtUntold();
        }, r.bodyLength());
    }

    // ---- what links say; hands over

    @Override
    public void linked(String peer, PeerIdentity who) {
        with(peer, p -> {
            tellInterest();
            p.begin();
            p.interest(BEGIN);
            exports.tellAll(p::interest);
            p.interest(END);
            leadersChanged();
            urls.put(peer, who.clientUrl());
        });
    }

    @Override
    public void unlinked(String peer, LinkEnd end) {
        with(peer, p -> {
            List<Forwards.Waiting> left = p.end();
            forwards.gone(p, left);
            pulls.gone(p);
            requests.gone(p);
            errands.gone(p);
            p.drop();
            router.watches().changedBelow(secret + p.name() + ".");
            lookAtUntold();
            urls.remove(peer);
            announce();
        });
    }

    /** Another node stops: clients are not told of it any more. */
    public void leaving(String peer) {
        with(peer, p -> {
            urls.remove(peer);
            announce();
        });
    }

    private void announce() {
        if (cluster.isEmpty()) {
            return;
        }
        List<String> plain = new ArrayList<>();
        List<String> web = new ArrayList<>();
        Stream<String> ready = urls.entrySet().stream().filter(url -> peers.get(url.getKey()).told()).map(Map.Entry::getValue);
        Stream.concat(Stream.of(ownUrls), ready).flatMap(all -> Stream.of(all.split(","))).map(String::strip)
            .filter(url -> !url.isEmpty()).forEach(url -> {
                int scheme = url.indexOf("://");
                (url.startsWith("ws") && scheme > 0 ? web : plain).add(scheme < 0 ? url : url.substring(scheme + 3));
            });
        members.accept(new ClusterMembers(cluster, plain.stream().distinct().sorted().toList(), web.stream().distinct().sorted()
            .toList()));
    }

    @Override
    public void received(String peer, Traffic traffic, PeerFrame frame) {
        shard.execute(() -> {
            Peer p = peers.get(peer);
            try {
                if (p != null && p.linked()) {
                    take(p, frame.bytes());
                }
            } catch (RouteFrameException e) {
                report.notUnderstood(peer, e.getMessage());
            } finally {
                frame.done();
            }
        });
    }

    @Override
    public void room(String peer, Traffic traffic) {
        with(peer, this::touched);
    }

    @Override
    public void gone(String peer) {
        // the link has ended before that
    }

    private void with(String peer, Consumer<Peer> what) {
        Peer p = peers.get(peer);
        if (p != null) {
            shard.execute(() -> what.accept(p));
        }
    }

    // ---- the loop

    /** Something is to leave for a peer at the end of the turn. */
    void touched(Peer peer) {
        touched.add(peer);
        if (!flushing) {
            flushing = true;
            shard.atEndOfTurn(this::flush);
        }
    }

    private void flush() {
        flushing = false;
        List<Peer> all = List.copyOf(touched);
        touched.clear();
        all.forEach(Peer::flush);
    }

    /** Tells the other nodes what has changed; before anything that they are to answer. */
    void tellInterest() {
        if (exports.pending()) {
            exports.tell((pattern, queue, weight) -> peers.values().forEach(p -> p.interest(pattern, queue, weight)));
        }
    }

    private void lookAtUntold() {
        if (untold.isEmpty()) {
            return;
        }
        boolean all = allTold();
        long now = shard.clock().nowNanos();
        List<Untold> waiting = List.copyOf(untold);
        untold.clear();
        for (Untold u : waiting) {
            Route route = router.walk(u.request.bytes(), u.request.subjectOffset(), u.request.subjectLength());
            if (route.subscribed() || all || now >= u.until) {
                shard.release(u.request.bodyLength());
                u.session.published(route, u.request);
            } else {
                untold.add(u);
            }
        }
        if (!untold.isEmpty()) {
            shard.set(patience, untold.get(0).until());
        }
    }

    private void take(Peer from, byte[] frame) throws RouteFrameException {
        RouteKind kind = RouteKind.of(frame);
        RouteEntries in = new RouteEntries(frame);
        while (in.more()) {
            switch (kind) {
                case INTEREST -> interest(from, in);
                case MESSAGES -> message(in);
                case TRAFFIC -> traffic(from, in);
                case PUBLISHES -> publish(from, in);
                case OUTCOMES -> outcome(from, in);
                case DELIVERIES -> delivery(from, in);
                case REQUESTS -> request(from, in);
                case REPLIES -> reply(from, in);
                case PULLS -> pull(from, in.i64(), in.u8());
                case ERRANDS -> errands.take(from, in.i64(), in.i64(), in.u8(), in.slice());
                case ERRAND_ANSWERS -> errands.answered(from, in.i64(), in.u8(), in.slice());
            }
        }
    }

    private void interest(Peer from, RouteEntries in) throws RouteFrameException {
        switch (in.u8()) {
            case BEGIN -> from.forget();
            case END -> {
                from.toldAll();
                lookAtUntold();
                announce();
            }
            case SET -> {
                String queue = in.text();
                byte[] pattern = in.slice();
                int weight = in.i32();
                if (!Subjects.validPattern(pattern, 0, pattern.length) || weight < 0) {
                    throw new RouteFrameException("interest in what is no subject");
                }
                from.listens(pattern, queue, queue.isEmpty() ? Math.min(1, weight) : Math.min(weight, 1 << 16));
                if (weight > 0 && !untold.isEmpty()) {
                    lookAtUntold();
                }
            }
            default -> throw new RouteFrameException("interest of an unknown kind");
        }
    }

    private void message(RouteEntries in) throws RouteFrameException {
        boolean plain = (in.u8() & RemoteRoute.PLAIN) != 0;
        int queues = in.u8();
        String[] names = new String[queues];
        for (int i = 0; i < queues; i++) {
            names[i] = in.text();
        }
        int toLength = in.length();
        int to = in.pass(toLength);
        int shownLength = in.length();
        int shown = in.pass(shownLength);
        int replyLength = in.length();
        int reply = in.pass(replyLength);
        int headers = in.i32();
        int bodyLength = in.length();
        int body = in.pass(bodyLength);
        if (headers < 0 || headers > bodyLength || toLength == 0) {
            throw new RouteFrameException("a message with " + headers + " bytes of headers in " + bodyLength);
        }
        byte[] b = in.bytes();
        if (shownLength == 0) {
            shown = to;
            shownLength = toLength;
        }
        Lane lane = Lane.current();
        Route route = router.route(lane, b, to, toLength);
        if (plain) {
            for (ClientSubscription s : route.plain) {
                if (s.take()) {
                    s.session.frame(lane, s.sid, b, shown, shownLength, b, reply, replyLength, b, body, headers,
                        bodyLength - headers);
                }
            }
        }
        for (String name : names) {
            ClientSubscription[] group = route.group(name);
            ClientSubscription s = group.length == 0 ? null : Router.member(group, null);
            if (s != null) {
                s.session.frame(lane, s.sid, b, shown, shownLength, b, reply, replyLength, b, body, headers, bodyLength - headers);
            }
        }
    }

    private void publish(Peer from, RouteEntries in) throws RouteFrameException {
        long number = in.i64();
        long partition = in.i64();
        int flags = in.u8();
        int subjectLength = in.length();
        int subject = in.pass(subjectLength);
        int headers = in.i32();
        int bodyLength = in.length();
        int body = in.pass(bodyLength);
        if (headers < 0 || headers > bodyLength || subjectLength == 0) {
            throw new RouteFrameException("a message with " + headers + " bytes of headers in " + bodyLength);
        }
        PeerOrigin origin = new PeerOrigin(from, from.life(), number, partition, (flags & Forwards.DEAD_LETTER) != 0);
        PlacedPartition to = router.partitions().placed(partition);
        PartitionRef here = to == null ? null : to.takes();
        if (!from.inOrder(partition, (flags & Forwards.FIRST) != 0) || here == null) {
            from.bounces(partition);
            origin.say(PeerOrigin.ELSEWHERE);
            return;
        }
        boolean answers = here.acknowledges();
        here.publish(Lane.current(), new PublishRequest(in.bytes(), subject, subjectLength, 0, 0, body, headers,
            bodyLength - headers), answers ? origin : PublishOrigin.NOBODY, bodyLength);
        if (!answers) {
            origin.say(PeerOrigin.TAKEN);
        }
    }

    private void outcome(Peer from, RouteEntries in) throws RouteFrameException {
        long number = in.i64();
        int what = in.u8();
        switch (what) {
            case PeerOrigin.STORED -> forwards.answered(from, number,
                new PublishOutcome.Stored(in.text(), in.i64(), in.u8() != 0));
            case PeerOrigin.REFUSED -> {
                String stream = in.text();
                String reason = in.text();
                String detail = in.text();
                forwards.answered(from, number, refusal(stream, reason, detail));
            }
            case PeerOrigin.UNKNOWN -> forwards.answered(from, number, new PublishOutcome.Unknown(in.text(), in.text()));
            case PeerOrigin.UNDECIDED -> forwards.answered(from, number, new PublishOutcome.Undecided(in.text(), in.text()));
            case PeerOrigin.ELSEWHERE -> {
                forwards.answered(from, number, null);
                pulls.elsewhere(from, number);
            }
            case PeerOrigin.NOBODY -> pulls.unknown(from, number);
            case PeerOrigin.TAKEN -> forwards.taken(from, number);
            default -> throw new RouteFrameException("an outcome of kind " + what);
        }
    }

    private static PublishOutcome refusal(String stream, String reason, String detail) {
        for (PublishRefusal known : PublishRefusal.values()) {
            if (known.name().equals(reason)) {
                return new PublishOutcome.Refused(stream, known, detail);
            }
        }
        return new PublishOutcome.Refused(stream, PublishRefusal.LIMIT, "not stored: " + reason + " " + detail);
    }

    private void delivery(Peer from, RouteEntries in) throws RouteFrameException {
        long number = in.i64();
        int shownLength = in.length();
        int shown = in.pass(shownLength);
        int replyLength = in.length();
        int reply = in.pass(replyLength);
        int headers = in.i32();
        int bodyLength = in.length();
        int body = in.pass(bodyLength);
        if (headers < 0 || headers > bodyLength) {
            throw new RouteFrameException("a message with " + headers + " bytes of headers in " + bodyLength);
        }
        pulls.delivered(from, number, in.bytes(), shown, shownLength, reply, replyLength, body, headers,
            bodyLength - headers);
    }

    private void traffic(Peer from, RouteEntries in) throws RouteFrameException {
        int what = in.u8();
        long number = in.i64();
        long partition = in.i64();
        PlacedPartition to = router.partitions().placed(partition);
        PartitionRef here = to == null ? null : to.here();
        Lane lane = Lane.current();
        switch (what) {
            case ForwardedPulls.ACKNOWLEDGE -> acknowledge(from, in, number, to, lane, false);
            case ForwardedPulls.ACKNOWLEDGE_SENT_ON -> acknowledge(from, in, number, to, lane, true);
            case ForwardedPulls.FLOW_CONTROL -> {
                String subject = in.text();
                in.text();
                String consumer = in.text();
                if (here != null) {
                    here.flowControl(lane, consumer, subject, 0);
                }
            }
            case ForwardedPulls.PULL -> {
                int consumerLength = in.length();
                int consumer = in.pass(consumerLength);
                boolean hears = in.u8() != ForwardedPulls.QUIET;
                int length = in.length();
                int payload = in.pass(length);
                if (here == null) {
                    new PeerOrigin(from, from.life(), number, 0, false).say(PeerOrigin.ELSEWHERE);
                    return;
                }
                from.heard(number, hears);
                PeerOrigin origin = new PeerOrigin(from, from.life(), number, 0, false);
                here.pull(lane, new PublishRequest(in.bytes(), consumer, consumerLength, 0, 0, payload, 0, length), consumer,
                    consumerLength, inbox(from, number), length, () -> origin.say(PeerOrigin.NOBODY));
            }
            default -> throw new RouteFrameException("traffic of kind " + what);
        }
    }

    private void acknowledge(Peer from, RouteEntries in, long number, PlacedPartition to, Lane lane, boolean sentOn)
        throws RouteFrameException {
        int subjectLength = in.length();
        int subject = in.pass(subjectLength);
        String reply = in.text();
        int length = in.length();
        int payload = in.pass(length);
        boolean next = number != 0 && reply.isEmpty();
        PeerOrigin origin = new PeerOrigin(from, from.life(), number, 0, false);
        PublishRequest r = new PublishRequest(in.bytes(), subject, subjectLength, 0, 0, payload, 0, length);
        Runnable unknown = number == 0 ? () -> { } : () -> origin.say(PeerOrigin.NOBODY);
        PartitionRef here = to == null ? null : to.takes();
        if (here == null) {
            if (next) {
                origin.say(PeerOrigin.ELSEWHERE);
            }
            if (to != null) {
                pulls.acknowledge(to, r, reply, unknown, sentOn, next);
            }
            return;
        }
        if (next) {
            from.heard(number, true);
        }
        here.acknowledge(lane, r, next ? inbox(from, number) : reply, length, unknown);
    }

    private void pull(Peer from, long number, int state) throws RouteFrameException {
        switch (state) {
            case ForwardedPulls.OVER -> from.over(number);
            case ForwardedPulls.QUIET, ForwardedPulls.HEARD -> {
                if (from.knows(number)) {
                    from.heard(number, state == ForwardedPulls.HEARD);
                }
            }
            default -> throw new RouteFrameException("a request in state " + state);
        }
        router.watches().changed(inbox(from, number).getBytes(StandardCharsets.UTF_8));
    }

    private void reply(Peer from, RouteEntries in) throws RouteFrameException {
        long number = in.i64();
        int what = in.u8();
        byte[] header = in.slice();
        byte[] payload = in.slice();
        requests.answered(from, number, what, header, payload, what == ForwardedRequests.SENT_WITH_REACH ? in.i64() : 0);
    }

    private void request(Peer from, RouteEntries in) throws RouteFrameException {
        long number = in.i64();
        long partition = in.i64();
        int wanted = in.u8();
        PeerReply reply = new PeerReply(from, from.life(), number, wanted != 0, wanted == ForwardedRequests.WANTED_WITH_REACH);
        ClientIdentity client = new ClientIdentity(in.text(), in.text(), in.text(), in.text(), in.text());
        ApiRequest request = new ApiRequest(client, in.text(), in.slice(), in.slice(), reply);
        PlacedPartition to = router.partitions().placed(partition);
        if (partition != ForwardedRequests.OF_ALL && (to == null || to.here() == null)) {
            reply.elsewhere();
        } else if (!router.request(request)) {
            reply.nobody();
        }
    }
}

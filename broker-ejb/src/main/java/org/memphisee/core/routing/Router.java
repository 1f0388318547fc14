package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

import org.memphisee.core.api.AnsweredPublisher;
import org.memphisee.core.api.ApiHandler;
import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.append.Shard;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.subject.SubjectTree;
import org.memphisee.core.subject.Subjects;
import org.memphisee.core.wire.PullRequest;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.PublishRequest;

/**
 * Who gets a message: subscribers, the stream that stores its subject, the part of the broker that serves it. All three
 * are bound in one tree, so one walk answers, and streams and served subjects count as responders. Look-ups from any
 * thread without lock.
 */
public final class Router implements ApiRegistry, AnsweredPublisher, ShardResources.Inboxes {

    private static final byte[] INBOX = "_INBOX.".getBytes(StandardCharsets.US_ASCII);
    /** Begins the subjects that all nodes answer, or the one that they name. */
    private static final String TO_SERVERS = "$SYS.REQ.SERVER.";
    private static final byte[] STREAM_TRAFFIC = "$JS.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANY_TRAFFIC = "*.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = {};
    /** Never the same number twice in one process: a thread's remembered routes may outlive a router. */
    private static final AtomicLong GENERATIONS = new AtomicLong();

    private final SubjectTree<Interest> tree = new SubjectTree<>();
    private final SubscriptionTable table = new SubscriptionTable(tree);
    private final PartitionBindings partitions = new PartitionBindings(this);
    private final InterestWatches watches = new InterestWatches();
    private final AtomicInteger watchers = new AtomicInteger();
    /** Two generations, so that the coming and going of inboxes does not spoil the routes of everything else. */
    private final AtomicLong generation = new AtomicLong(GENERATIONS.incrementAndGet());
    private final AtomicLong inboxGeneration = new AtomicLong(GENERATIONS.incrementAndGet());

    private final RandomGenerator random;
    /** The other nodes; null for a broker alone. */
    private volatile PeerRoutes peers;

    /**
     * A router that knows nobody yet.
     *
     * @param random chooses members of queue groups
     */
    public Router(RandomGenerator random) {
        this.random = random;
    }

    /** Chance, for whoever must choose. Any thread. */
    RandomGenerator random() {
        return random;
    }

    /** Which streams store what. */
    public PartitionBindings partitions() {
        return partitions;
    }

    /** Who is subscribed to what. */
    public SubscriptionTable table() {
        return table;
    }

    // ---- other nodes

    /** There are other nodes. Before anything is bound. */
    void peers(PeerRoutes routes) {
        peers = routes;
    }

    InterestWatches watches() {
        return watches;
    }

    /** The other nodes; null for a broker alone. */
    PeerRoutes peers() {
        return peers;
    }

    // ---- bindings

    @Override
    public void serve(String pattern, ApiHandler handler) {
        PeerRoutes others = peers;
        LeaderRequest kind = others == null ? null : LeaderRequest.of(pattern);
        ApiHandler served = kind != null ? others.served(kind, handler)
            : others != null && pattern.startsWith(TO_SERVERS) ? others.servedByServers(handler) : handler;
        bind(pattern.getBytes(StandardCharsets.UTF_8), new Interest.Served(served));
    }

    /** Whether a client listens to requests that need no route: acknowledgements, pulls, flow control. Any thread. */
    boolean streamTrafficWatched() {
        return watchers.get() > 0;
    }

    private static boolean watchesStreamTraffic(byte[] pattern, Interest interest) {
        return (interest instanceof ClientSubscription || interest instanceof RemoteInterest)
            && (pattern[0] == '>' && pattern.length == 1 || startsWith(pattern, 0, pattern.length, STREAM_TRAFFIC)
                || startsWith(pattern, 0, pattern.length, ANY_TRAFFIC));
    }

    void bind(byte[] pattern, Interest interest) {
        if (watchesStreamTraffic(pattern, interest)) {
            watchers.incrementAndGet();
        }
        tree.add(pattern, interest);
        table.inserted();
        changed(pattern);
        if (peers != null && interest instanceof ClientSubscription s) {
            peers.exports().changed(s, 1);
        }
    }

    void unbind(byte[] pattern, Interest interest) {
        if (watchesStreamTraffic(pattern, interest)) {
            watchers.decrementAndGet();
        }
        tree.remove(pattern, interest);
        table.removed();
        changed(pattern);
        if (peers != null && interest instanceof ClientSubscription s) {
            peers.exports().changed(s, -1);
        }
    }

    private void changed(byte[] pattern) {
        boolean inbox = startsWith(pattern, 0, pattern.length, INBOX);
        boolean wild = pattern.length > 0 && (pattern[0] == '*' || pattern[0] == '>');
        if (inbox || wild) {
            inboxGeneration.set(GENERATIONS.incrementAndGet());
        }
        if (!inbox) {
            generation.set(GENERATIONS.incrementAndGet());
        }
        watches.changed(pattern);
    }

    @Override
    public AutoCloseable watch(String subject, Shard shard, Runnable changed) {
        return watches.add(subject, shard, changed);
    }

    // ---- routes

    long generation(byte[] subject, int offset, int length) {
        return startsWith(subject, offset, length, INBOX) ? inboxGeneration.get() : generation.get();
    }

    Route route(Lane lane, byte[] subject, int offset, int length) {
        if (startsWith(subject, offset, length, INBOX)) {
            return inboxRoute(lane, subject, offset, length);
        }
        long now = generation.get();
        Route known = lane.routes().get(subject, offset, length, now);
        if (known == null) {
            known = walk(subject, offset, length);
            lane.routes().put(subject, offset, length, now, known);
        }
        return known;
    }

    /** Each reply has a subject of its own, but only the last token differs, and mostly nobody cares for that one. */
    private Route inboxRoute(Lane lane, byte[] subject, int offset, int length) {
        int prefix = length - 1;
        if (subject[offset + prefix] == '.') {
            return Route.NOBODY;
        }
        while (subject[offset + prefix] != '.') {
            prefix--;
        }
        long now = inboxGeneration.get();
        Route known = lane.inboxes().get(subject, offset, prefix, now);
        if (known == null) {
            known = walk(subject, offset, length);
            if (tree.indifferentAfter(subject, offset, prefix)) {
                lane.inboxes().put(subject, offset, prefix, now, known);
            }
        }
        return known;
    }

    Route walk(byte[] subject, int offset, int length) {
        if (!Subjects.complete(subject, offset, length)) {
            return Route.NOBODY;
        }
        table.walked();
        Route.Builder found = new Route.Builder();
        boolean topic = ReservedSubjects.toldTopic(subject, offset, length);
        tree.match(subject, offset, length, topic ? found::addNamed : found::add);
        if (ReservedSubjects.own(subject, offset, length)) {
            found.unstored();
        }
        return found.build();
    }

    /**
     * Sends to everybody who is subscribed; {@code not} gets nothing (no echo), null to exclude nobody.
     *
     * @return whether there was somebody
     */
    static boolean deliver(Lane lane, Route route, ClientSession not, byte[] subject, int subjectOffset, int subjectLength,
                           byte[] reply, int replyOffset, int replyLength, byte[] body, int bodyOffset,
                           int headerLength, int payloadLength) {
        boolean reached = false;
        for (ClientSubscription s : route.plain) {
            if (s.session != not && s.take()) {
                reached = true;
                s.session.frame(lane, s.sid, subject, subjectOffset, subjectLength, reply, replyOffset, replyLength,
                    body, bodyOffset, headerLength, payloadLength);
            }
        }
        for (ClientSubscription[] group : route.queues) {
            ClientSubscription s = member(group, not);
            if (s != null) {
                reached = true;
                s.session.frame(lane, s.sid, subject, subjectOffset, subjectLength, reply, replyOffset, replyLength,
                    body, bodyOffset, headerLength, payloadLength);
            }
        }
        return route.remote == null ? reached : route.remote.deliver(lane, not, subject, subjectOffset, subjectLength, subject,
            subjectOffset, subjectLength, reply, replyOffset, replyLength, body, bodyOffset, headerLength, payloadLength, false)
            || reached;
    }

    /** One member of a queue group at random that takes the message, or null; rather one that has little waiting. */
    static ClientSubscription member(ClientSubscription[] group, ClientSession not) {
        int n = group.length;
        int start = n == 1 ? 0 : group[0].session.random().nextInt(n);
        boolean crowded = false;
        for (int i = 0; i < n; i++) {
            ClientSubscription s = group[(start + i) % n];
            if (s.session != not) {
                if (n > 1 && s.session.crowded()) {
                    crowded = true;
                } else if (s.take()) {
                    return s;
                }
            }
        }
        for (int i = 0; crowded && i < n; i++) {
            ClientSubscription s = group[(start + i) % n];
            if (s.session != not && s.take()) {
                return s;
            }
        }
        return null;
    }

    // ---- publishing by the broker

    @Override
    public void publish(String subject, byte[] headerBlock, byte[] payload) {
        publish(subject.getBytes(StandardCharsets.UTF_8), headerBlock, payload);
    }

    /** Publishes a message of the broker. Any thread. */
    void publish(byte[] subject, byte[] headerBlock, byte[] payload) {
        publish(request(subject, NONE, headerBlock, payload));
    }

    @Override
    public void publish(String subject, String reply, byte[] headerBlock, byte[] payload) {
        publish(request(subject.getBytes(StandardCharsets.UTF_8), reply.getBytes(StandardCharsets.UTF_8), headerBlock, payload));
    }

    @Override
    public void publishHere(String subject, byte[] payload) {
        PublishRequest r = request(subject.getBytes(StandardCharsets.UTF_8), NONE, NONE, payload);
        Lane lane = Lane.current();
        Route route = route(lane, r.bytes(), 0, r.subjectLength());
        if (route.remote == null) {
            deliver(lane, route, null, r);
        } else {
            deliver(lane, route.here, null, r);
            route.remote.deliverHere(lane, r);
        }
        PartitionRef to = route.partition instanceof PlacedPartition placedElsewhere ? placedElsewhere.here() : route.partition;
        if (to != null) {
            to.publish(lane, r, PublishOrigin.NOBODY, 0);
        }
        handOver();
    }

    private void publish(PublishRequest r) {
        Lane lane = Lane.current();
        publish(lane, route(lane, r.bytes(), r.subjectOffset(), r.subjectLength()), null, r, PublishOrigin.NOBODY, 0);
        if (!lane.looping()) {
            lane.flush();
        }
    }

    private static PublishRequest request(byte[] subject, byte[] reply, byte[] headerBlock, byte[] payload) {
        int body = subject.length + reply.length;
        byte[] all = Arrays.copyOf(subject, body + headerBlock.length + payload.length);
        System.arraycopy(reply, 0, all, subject.length, reply.length);
        System.arraycopy(headerBlock, 0, all, body, headerBlock.length);
        System.arraycopy(payload, 0, all, body + headerBlock.length, payload.length);
        return new PublishRequest(all, 0, subject.length, reply.length == 0 ? 0 : subject.length, reply.length, body,
            headerBlock.length, payload.length);
    }

    @Override
    public CompletableFuture<String> store(String subject, byte[] headerBlock, byte[] payload) {
        PublishRequest r = request(subject.getBytes(StandardCharsets.UTF_8), NONE, headerBlock, payload);
        PartitionRef to = route(Lane.current(), r.bytes(), r.subjectOffset(), r.subjectLength()).partition;
        if (to == null) {
            return CompletableFuture.completedFuture("no stream stores " + subject);
        }
        if (!to.acknowledges()) { // nobody would hear that it is durable, nor that it is not
            return CompletableFuture.completedFuture("the stream that stores " + subject + " acknowledges nothing");
        }
        CompletableFuture<String> result = new CompletableFuture<>();
        Storing storing = publish(r, new OfTheBroker(result));
        handOver();
        if (storing != Storing.ANSWERED) { // the stream went, or was changed, just now
            result.complete("it is not known whether a stream stored " + subject);
        }
        return result;
    }

    /** The broker stores only what are dead letters. */
    private record OfTheBroker(CompletableFuture<String> result) implements PublishOrigin {
        @Override
        public boolean deadLetter() {
            return true;
        }

        @Override
        public void ended(PublishRequest request, PublishOutcome outcome) {
            result.complete(outcome instanceof PublishOutcome.Refused refused ? refused.text()
                : outcome instanceof PublishOutcome.Unknown unknown ? unknown.text()
                    : outcome instanceof PublishOutcome.Undecided undecided ? undecided.text() : "");
        }
    }

    @Override
    public boolean heard(String subject) {
        byte[] s = subject.getBytes(StandardCharsets.UTF_8);
        Route route = route(Lane.current(), s, 0, s.length);
        return route.subscribed() || route.partition != null;
    }

    // ---- publishing, whoever does it

    /**
     * Publishes a message: to whoever is subscribed, and into the stream that stores its subject. All that is published passes
     * here, whether a connection, a client in this process or the broker itself says it.
     *
     * @param route where the subject leads
     * @param not a subscriber that gets nothing (no echo), null to exclude nobody
     * @param origin who hears what became of it, if a stream stores it
     * @param bytes what the message keeps of the client's data until it is stored
     * @return whether somebody subscribed got it
     */
    static boolean publish(Lane lane, Route route, ClientSession not, PublishRequest r, PublishOrigin origin, int bytes) {
        boolean reached = deliver(lane, route, not, r);
        if (route.partition != null) {
            route.partition.publish(lane, r, origin, bytes);
        }
        return reached;
    }

    /** Sends a message to whoever is subscribed, with its reply subject; {@code not} gets nothing, null to exclude nobody. */
    static boolean deliver(Lane lane, Route route, ClientSession not, PublishRequest r) {
        return route.subscribed() && deliver(lane, route, not, r.bytes(), r.subjectOffset(), r.subjectLength(), r.bytes(),
            r.replyOffset(), r.replyLength(), r.bytes(), r.bodyOffset(), r.headerLength(), r.payloadLength());
    }

    // ---- clients in this process

    /** Gives a request to the part of the broker that serves the subject; false when none does. Any thread. */
    @Override
    public boolean request(ApiRequest request) {
        byte[] subject = request.subject().getBytes(StandardCharsets.UTF_8);
        Route route = route(Lane.current(), subject, 0, subject.length);
        if (route.handler != null) {
            route.handler.handle(request);
        }
        return route.handler != null;
    }

    /** What a stream makes of the messages of a client in this process. */
    public enum Storing {
        /** No stream stores the subject. */
        NOT_STORED,
        /** The origin will hear. */
        ANSWERED,
        /** Stored if possible, and nobody hears. */
        UNANSWERED
    }

    /** Publishes a message of a client in this process. Leaves with the next {@link #handOver}. Any thread. */
    public Storing publish(PublishRequest r, PublishOrigin origin) {
        Lane lane = Lane.current();
        Route route = route(lane, r.bytes(), r.subjectOffset(), r.subjectLength());
        publish(lane, route, null, r, origin, r.bodyLength());
        return route.partition == null ? Storing.NOT_STORED
            : route.partition.acknowledges() ? Storing.ANSWERED : Storing.UNANSWERED;
    }

    /** Whether other nodes may have listeners that are not known here yet. Any thread. */
    boolean untold() {
        PeerRoutes others = peers;
        return others != null && !others.allTold();
    }

    /** A request that nobody seems to hear waits until all nodes have said who listens there. */
    void untold(ClientSession session, PublishRequest r) {
        peers.untold(session, r);
    }

    /** A client that should read before more is published to the subject, or null. Any thread. */
    public DeliverySink behind(byte[] subject) {
        Route route = route(Lane.current(), subject, 0, subject.length);
        ClientSession behind = route.subscribed() ? route.behind(null) : null;
        return behind == null ? null : behind.sink();
    }

    @Override
    public boolean behind(String subject) {
        return behind(subject.getBytes(StandardCharsets.UTF_8)) != null;
    }

    /** Hands over what the calling thread has published. */
    public void handOver() {
        Lane lane = Lane.current();
        if (!lane.looping()) {
            lane.flush();
        }
    }

    @Override
    public Inbox inbox(String subject, String queueGroup) {
        PeerRoutes others = peers;
        PeerInbox elsewhere = others == null ? null : others.inbox(subject);
        return elsewhere != null ? elsewhere : new InboxRoute(this, subject, queueGroup);
    }

    @Override
    public boolean handOn(long partition, byte[] consumer, PullRequest rest) {
        PlacedPartition to = partitions.placed(partition);
        if (to == null || peers.inbox(rest.inbox()) != null) {
            return false;
        }
        to.handOn(Lane.current(), consumer, rest);
        return true;
    }

    @Override
    public void acknowledge(long partition, byte[] subject, byte[] payload, String reply) {
        PlacedPartition to = partitions.placed(partition);
        if (to != null) {
            to.handOn(Lane.current(), subject, payload, reply);
        }
    }

    static boolean startsWith(byte[] s, int offset, int length, byte[] prefix) {
        if (length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (s[offset + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}

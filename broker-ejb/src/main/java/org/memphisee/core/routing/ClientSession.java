package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import org.memphisee.core.access.LiveViewer;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.subject.Subjects;
import org.memphisee.core.wire.PubAckWriter;
import org.memphisee.port.AuthOutcome;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.SessionDetails;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.port.Verdict;

/**
 * The broker's side of one connection: its subscriptions and the way of what it publishes. Confined to the connection's
 * I/O thread, but for {@link #frame}, {@link #ended} and what the tree may see, which any thread uses.
 */
final class ClientSession implements SessionPort, PublishOrigin, ShardCommand.Reader {

    private static final ClientIdentity STRANGER = new ClientIdentity("", "", "", "");
    private static final String UNWELCOME = "Authorization Violation";
    private static final String FOREIGN_STATION = "Permissions Violation - cant access the requested station, please "
        + "contact your Memphis administrator";
    private static final byte[] NONE = {};
    private static final byte[] NO_RESPONDERS = "NATS/1.0 503\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_SEND_BYTES = 256 << 10;
    private static final long MAX_CROWDED_BYTES = 4 << 20;
    /** What a small command keeps of the client's data beside its payload. */
    private static final int COMMAND_BYTES = 64;

    private final Router router;
    private final SessionGate gate;
    private final SessionInfo info;
    private final DeliverySink sink;
    private final AtomicLong subscriptionCount;
    private final UserSessions users;
    private final int sendBytes;
    private final long crowdedBytes;
    private final Lane lane = Lane.current();
    private final StreamTraffic traffic;
    private final Map<String, ClientSubscription> subscriptions = new ConcurrentHashMap<>();
    private volatile OutboundBatch[] batches = new OutboundBatch[0];
    private volatile ClientIdentity client = STRANGER;
    /** Null for a client that may do everything. */
    private SubjectRights rights;
    private boolean viewer;
    private boolean pedantic = true;
    private boolean echo = true;
    private volatile boolean noResponders;
    private volatile boolean closed;

    ClientSession(Router router, SessionGate gate, SessionInfo info, DeliverySink sink, AtomicLong subscriptionCount,
                  UserSessions users) {
        this.subscriptionCount = subscriptionCount;
        this.users = users;
        this.router = router;
        this.gate = gate;
        this.info = info;
        this.sink = sink;
        traffic = new StreamTraffic(this, router, lane);
        sendBytes = (int) Math.min(MAX_SEND_BYTES, sink.budgetBytes() / 8);
        crowdedBytes = Math.min(MAX_CROWDED_BYTES, sink.budgetBytes() / 4);
        noResponders = info.transport() == SessionInfo.Transport.IN_PROCESS; // who says nothing about it understands
    }

    // ---- I/O thread

    @Override
    public void authenticate(ConnectOptions options, Consumer<AuthOutcome> whenDone) {
        pedantic = options.pedantic();
        echo = options.echo();
        noResponders = options.noResponders();
        gate.authenticate(options, info, decision -> {
            if (decision instanceof SessionGate.Decision.Admitted a) {
                whenDone.accept(admitted(a) ? new AuthOutcome.Accepted() : new AuthOutcome.Refused(UNWELCOME));
            } else if (decision instanceof SessionGate.Decision.Rejected r) {
                whenDone.accept(new AuthOutcome.Refused(r.error()));
            }
        });
    }

    /** Takes the identity over; false when it is worth nothing any more. */
    private boolean admitted(SessionGate.Decision.Admitted a) {
        ClientIdentity before = client;
        client = a.client().at(info.remoteHost());
        viewer = a.live() != LiveViewer.Access.NONE;
        rights = a.live() == LiveViewer.Access.ONLY ? SubjectRights.ofLiveViewer()
            : a.permissions().restricted() ? new SubjectRights(a.permissions()) : null;
        if (before != STRANGER) {
            left(before);
        }
        users.add(a.client().user(), this);
        if (closed) {
            left(a.client());
        }
        return a.current().getAsBoolean();
    }

    private void left(ClientIdentity identity) {
        users.remove(identity.user(), this);
        gate.left(identity);
    }

    @Override
    public Verdict publish(PublishRequest r) {
        return publish(r, false);
    }

    @Override
    public Verdict offer(PublishRequest r) {
        return publish(r, true);
    }

    /** {@code patient}: whether the client can wait for those who should have the message and read too slowly. */
    private Verdict publish(PublishRequest r, boolean patient) {
        if (pedantic && !Subjects.validLiteral(r.bytes(), r.subjectOffset(), r.subjectLength())) {
            return new Verdict.Refused("Invalid Publish Subject");
        }
        if (ReservedSubjects.published(r.bytes(), r.subjectOffset(), r.subjectLength())) {
            return new Verdict.Refused("Permissions Violation for Publish to \""
                + text(r.bytes(), r.subjectOffset(), r.subjectLength()) + "\"");
        }
        if (r.replyLength() > 0 && reservedReply(r)) {
            return new Verdict.Refused("Permissions Violation for Publish with Reply of \"" + reply(r) + "\"");
        }
        if (rights != null && !mayPublish(r)) {
            return new Verdict.Refused(client.sdk() ? FOREIGN_STATION : "Permissions Violation for Publish to \""
                + text(r.bytes(), r.subjectOffset(), r.subjectLength()) + "\"");
        }
        byte[] b = r.bytes();
        int from = r.subjectOffset();
        int length = r.subjectLength();
        StreamTraffic.Kind kind = StreamTraffic.kind(r);
        if (kind != null && !router.streamTrafficWatched()) {
            traffic.take(kind, r, false);
            return Verdict.ACCEPTED;
        }
        Route route = router.route(lane, b, from, length);
        ClientSession not = echo ? null : this;
        ClientSession behind = patient && route.subscribed() ? route.behind(not) : null;
        if (behind != null) {
            return new Verdict.Deferred(behind.sink);
        }
        if (kind != null) {
            traffic.take(kind, r, Router.deliver(lane, route, not, r));
            return Verdict.ACCEPTED;
        }
        boolean reached = Router.publish(lane, route, not, r, r.replyLength() > 0 ? this : NOBODY,
            r.bodyLength() + COMMAND_BYTES);
        if (route.handler != null) {
            route.handler.handle(new ApiRequest(client, text(b, from, length), header(r), payload(r),
                new ReplyTo(this, router, r)));
        }
        if (r.replyLength() > 0 && !reached && route.partition == null && route.handler == null) {
            if (router.untold()) {
                router.untold(this, r);
            } else {
                answerNoResponders(r.bytes(), r.replyOffset(), r.replyLength());
            }
        }
        return Verdict.ACCEPTED;
    }

    /** A request that nobody seemed to hear goes to whoever hears it now. Any thread. */
    void published(Route route, PublishRequest r) {
        if (!Router.deliver(Lane.current(), route, echo ? null : this, r)) {
            answerNoResponders(r.bytes(), r.replyOffset(), r.replyLength());
        }
    }

    /** Subject and reply: the broker answers and delivers to the reply in the client's name. */
    private boolean mayPublish(PublishRequest r) {
        return rights.mayPublish(r.bytes(), r.subjectOffset(), r.subjectLength())
            && (r.replyLength() == 0 || rights.mayPublish(r.bytes(), r.replyOffset(), r.replyLength()));
    }

    private static boolean reservedReply(PublishRequest r) {
        byte[] b = r.bytes();
        int at = r.replyOffset();
        int n = r.replyLength();
        if (b[at] == '$') {
            return Router.startsWith(b, at, n, StreamTraffic.ACK);
        }
        return b[at] == '_' && (n >= 4 && b[at + 1] == 'R' && b[at + 2] == '_' && b[at + 3] == '.'
            || n >= 5 && b[at + 1] == 'G' && b[at + 2] == 'R' && b[at + 3] == '_' && b[at + 4] == '.');
    }

    @Override
    public Verdict subscribe(byte[] subject, byte[] queue, byte[] sid) {
        if (!Subjects.validPattern(subject, 0, subject.length)) {
            return new Verdict.Refused("Invalid Subject");
        }
        if (ReservedSubjects.subscribed(subject, viewer)) {
            return new Verdict.Refused("Permissions Violation for Subscription to \""
                + text(subject, 0, subject.length) + "\"");
        }
        if (rights != null && !rights.maySubscribe(subject)) {
            return new Verdict.Refused(subscriptionRefusal(subject, queue));
        }
        String key = text(sid, 0, sid.length);
        if (!subscriptions.containsKey(key)) {
            ClientSubscription s = new ClientSubscription(this, subject, sid, text(queue, 0, queue.length));
            subscriptions.put(key, s);
            subscriptionCount.incrementAndGet();
            router.bind(subject, s);
        }
        return Verdict.ACCEPTED;
    }

    private String subscriptionRefusal(byte[] subject, byte[] queue) {
        if (client.sdk() && queue.length == 0) {
            return FOREIGN_STATION;
        }
        String text = "Permissions Violation for Subscription to \"" + text(subject, 0, subject.length) + "\"";
        return queue.length == 0 ? text : text + " using queue \"" + text(queue, 0, queue.length) + "\"";
    }

    @Override
    public void unsubscribe(byte[] sid, long maxDeliveries) {
        ClientSubscription s = subscriptions.get(text(sid, 0, sid.length));
        if (s != null && (maxDeliveries <= 0 || s.limit(maxDeliveries))) {
            exhausted(s);
        }
    }

    @Override
    public void readComplete() {
        lane.flushCommands(this);
        lane.flushFrames();
    }

    @Override
    public SessionDetails details() {
        return new SessionDetails(client.user(), subscriptions.size());
    }

    /** The connection's number. */
    long clientId() {
        return info.clientId();
    }

    @Override
    public void close() {
        closed = true;
        lane.flushCommands(ShardCommand.Reader.NONE);
        subscriptions.values().forEach(this::exhausted);
        lane.flushFrames();
        if (client != STRANGER) {
            left(client);
        }
    }

    // ---- any thread

    /** The subscription has ended by itself or by UNSUB. */
    void exhausted(ClientSubscription s) {
        s.end();
        if (subscriptions.remove(text(s.sid, 0, s.sid.length), s)) {
            router.unbind(s.pattern, s);
            subscriptionCount.decrementAndGet();
        }
    }

    /** The user is no longer welcome. */
    void cut() {
        sink.close(UNWELCOME);
    }

    /** Chance, for whoever must choose. */
    RandomGenerator random() {
        return router.random();
    }

    /** The client. */
    DeliverySink sink() {
        return sink;
    }

    /** Whether those who can wait should send no more to this client now. */
    boolean behind() {
        return sink.congested();
    }

    /** Whether stored messages, which can come later, should come later. */
    boolean crowded() {
        return sink.queuedBytes() > crowdedBytes;
    }

    void frame(Lane from, byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
               int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength, int payloadLength) {
        OutboundBatch batch = batch(from);
        if (batch.size() == 0) {
            from.touched(this);
        }
        batch.message(sid, subject, subjectOffset, subjectLength, reply, replyOffset, replyLength, body, bodyOffset,
            headerLength, payloadLength);
        if (batch.size() >= sendBytes) {
            batch.send();
        }
    }

    /** Hands over what the lane has gathered for this client. */
    void send(Lane from) {
        OutboundBatch batch = batch(from);
        if (batch.size() > 0) {
            batch.send();
        }
    }

    private OutboundBatch batch(Lane from) {
        int n = from.number();
        OutboundBatch[] known = batches;
        return n < known.length && known[n] != null ? known[n] : newBatch(n);
    }

    private synchronized OutboundBatch newBatch(int n) {
        OutboundBatch[] next = Arrays.copyOf(batches, Math.max(batches.length, n + 1));
        next[n] = sink.newBatch();
        batches = next;
        return next[n];
    }

    @Override
    public void ended(PublishRequest r, PublishOutcome outcome) {
        Lane from = Lane.current();
        PubAckWriter ack = from.acks();
        int length = 0;
        if (outcome instanceof PublishOutcome.Stored s) {
            length = ack.stored(s.stream(), s.sequence(), s.duplicate());
        } else if (outcome instanceof PublishOutcome.Refused f) {
            length = ack.refused(f.stream(), f.reason().code(), f.reason().errCode(), f.text());
        } else if (outcome instanceof PublishOutcome.Unknown u) {
            length = ack.refused(u.stream(), PublishRefusal.FROZEN.code(), PublishRefusal.FROZEN.errCode(), u.text());
        } else if (outcome instanceof PublishOutcome.Undecided u) {
            length = ack.refused(u.stream(), PublishRefusal.NO_LEADER.code(), PublishRefusal.NO_LEADER.errCode(), u.text());
        }
        Router.deliver(from, router.route(from, r.bytes(), r.replyOffset(), r.replyLength()), null, r.bytes(),
            r.replyOffset(), r.replyLength(), NONE, 0, 0, ack.bytes(), 0, 0, length);
    }

    /** Tells this client, if it understands, that nobody serves its request. Any thread. */
    void answerNoResponders(byte[] reply, int offset, int length) {
        if (!noResponders) {
            return;
        }
        Lane from = Lane.current();
        Route route = router.walk(reply, offset, length);
        for (ClientSubscription s : route.plain) {
            if (s.session == this && s.take()) {
                frame(from, s.sid, reply, offset, length, NONE, 0, 0, NO_RESPONDERS, 0, NO_RESPONDERS.length, 0);
                return;
            }
        }
    }

    @Override
    public void pauseReading() {
        sink.pauseReading();
    }

    @Override
    public void resumeReading() {
        sink.resumeReading();
    }

    static String reply(PublishRequest r) {
        return text(r.bytes(), r.replyOffset(), r.replyLength());
    }

    private static byte[] header(PublishRequest r) {
        return r.headerLength() == 0 ? NONE
            : Arrays.copyOfRange(r.bytes(), r.bodyOffset(), r.bodyOffset() + r.headerLength());
    }

    private static byte[] payload(PublishRequest r) {
        int from = r.bodyOffset() + r.headerLength();
        return Arrays.copyOfRange(r.bytes(), from, from + r.payloadLength());
    }

    static String text(byte[] b, int offset, int length) {
        return new String(b, offset, length, StandardCharsets.UTF_8);
    }
}

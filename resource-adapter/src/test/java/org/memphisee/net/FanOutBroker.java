package org.memphisee.net;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.memphisee.port.AuthOutcome;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.ServerIdentity;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.port.Verdict;

/** A broker that knows exact subjects and a trailing {@code *} only; passes each message to all its subscriptions. */
public final class FanOutBroker implements BrokerPort {

    public final Map<Long, Session> sessions = new ConcurrentHashMap<>();
    private final Map<String, List<Subscription>> subscriptions = new ConcurrentHashMap<>();
    private final ServerIdentity identity;

    public FanOutBroker(boolean authRequired) {
        identity = new ServerIdentity("SERVER", "memphis-0", "2.10.7", 1 << 20, authRequired);
    }

    @Override
    public ServerIdentity identity() {
        return identity;
    }

    @Override
    public SessionPort open(SessionInfo info, DeliverySink sink) {
        Session session = new Session(info, sink);
        sessions.put(info.clientId(), session);
        return session;
    }

    private record Subscription(Session session, byte[] sid) { }

    public final class Session implements SessionPort {
        public final SessionInfo info;
        public final DeliverySink sink;
        private final OutboundBatch fromOutside;
        private final Map<Session, OutboundBatch> batches = new LinkedHashMap<>();

        Session(SessionInfo info, DeliverySink sink) {
            this.info = info;
            this.sink = sink;
            fromOutside = sink.newBatch();
        }

        /** Sends from any one thread, as a shard would. */
        public void deliver(String sid, String subject, byte[] payload) {
            byte[] name = subject.getBytes(StandardCharsets.UTF_8);
            fromOutside.message(sid.getBytes(StandardCharsets.UTF_8), name, 0, name.length, name, 0, 0, payload, 0, 0,
                    payload.length);
            fromOutside.send();
        }

        @Override
        public void authenticate(ConnectOptions options, Consumer<AuthOutcome> whenDone) {
            whenDone.accept("wrong".equals(options.password()) ? new AuthOutcome.Refused("Authorization Violation")
                    : new AuthOutcome.Accepted());
        }

        @Override
        public Verdict offer(PublishRequest r) {
            for (Subscription s : subscribed(subject(r))) {
                if (s.session.sink.congested()) {
                    return new Verdict.Deferred(s.session.sink);
                }
            }
            return publish(r);
        }

        private String subject(PublishRequest r) {
            return new String(r.bytes(), r.subjectOffset(), r.subjectLength(), StandardCharsets.ISO_8859_1);
        }

        private List<Subscription> subscribed(String subject) {
            List<Subscription> found = subscriptions.get(subject);
            if (found == null) {
                int lastToken = subject.lastIndexOf('.') + 1;
                found = subscriptions.getOrDefault(subject.substring(0, lastToken) + "*", List.of());
            }
            return found;
        }

        @Override
        public Verdict publish(PublishRequest r) {
            String subject = subject(r);
            if ("explode".equals(subject)) {
                throw new IllegalStateException("asked to");
            }
            if ("pause".equals(subject)) {
                sink.pauseReading();
            }
            for (Subscription s : subscribed(subject)) {
                OutboundBatch batch = batches.computeIfAbsent(s.session, to -> to.sink.newBatch());
                batch.message(s.sid, r.bytes(), r.subjectOffset(), r.subjectLength(), r.bytes(), r.replyOffset(),
                        r.replyLength(), r.bytes(), r.bodyOffset(), r.headerLength(), r.payloadLength());
                if (batch.size() >= s.session.sink.budgetBytes() / 8) {
                    batch.send(); // as the broker does: what one read brings may be more than the receiver's whole budget
                }
            }
            return Verdict.ACCEPTED;
        }

        @Override
        public Verdict subscribe(byte[] subject, byte[] queue, byte[] sid) {
            subscriptions.computeIfAbsent(new String(subject, StandardCharsets.ISO_8859_1),
                    s -> new CopyOnWriteArrayList<>()).add(new Subscription(this, sid));
            return Verdict.ACCEPTED;
        }

        @Override
        public void unsubscribe(byte[] sid, long maxDeliveries) {
            subscriptions.values().forEach(all ->
                    all.removeIf(s -> s.session == this && Arrays.equals(s.sid, sid)));
        }

        @Override
        public void readComplete() {
            batches.values().forEach(OutboundBatch::send);
        }

        @Override
        public void close() {
            sessions.remove(info.clientId());
            new ArrayList<>(subscriptions.values()).forEach(all -> all.removeIf(s -> s.session == this));
        }
    }
}

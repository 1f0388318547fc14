package org.memphisee.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import org.memphisee.port.AuthOutcome;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.ClusterMembers;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.ServerIdentity;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.port.Verdict;

/** Writes down what a session is told; answers as the test says. */
final class RecordingBroker implements BrokerPort, SessionPort {

    final List<String> calls = new ArrayList<>();
    final List<PublishRequest> publishes = new ArrayList<>();
    int maxPayload = 1 << 20;
    ClusterMembers cluster = ClusterMembers.NONE;
    boolean authRequired;
    boolean answerLater;
    Function<ConnectOptions, AuthOutcome> access = o -> new AuthOutcome.Accepted();
    Function<String, Verdict> verdicts = subject -> Verdict.ACCEPTED;
    Optional<Consumer<AuthOutcome>> pending = Optional.empty();
    Optional<ConnectOptions> options = Optional.empty();
    Runnable onReadComplete = () -> { };
    /** Whoever gets the messages; the client itself. */
    private DeliverySink receiver;
    int readsCompleted;

    @Override
    public ServerIdentity identity() {
        return new ServerIdentity("SERVERID", "memphis-0", "2.10.7", maxPayload, authRequired, cluster);
    }

    @Override
    public SessionPort open(SessionInfo info, DeliverySink sink) {
        receiver = sink;
        return this;
    }

    @Override
    public void authenticate(ConnectOptions sent, Consumer<AuthOutcome> whenDone) {
        calls.add("CONNECT " + sent.user());
        options = Optional.of(sent);
        if (answerLater) {
            pending = Optional.of(whenDone);
        } else {
            whenDone.accept(access.apply(sent));
        }
    }

    @Override
    public Verdict publish(PublishRequest r) {
        publishes.add(r);
        String subject = text(r.bytes(), r.subjectOffset(), r.subjectLength());
        calls.add("PUB " + subject + "|" + text(r.bytes(), r.replyOffset(), r.replyLength()) + "|"
                + text(r.bytes(), r.bodyOffset(), r.headerLength()) + "|"
                + text(r.bytes(), r.bodyOffset() + r.headerLength(), r.payloadLength()));
        return verdicts.apply(subject);
    }

    @Override
    public Verdict offer(PublishRequest r) {
        return receiver.congested() ? new Verdict.Deferred(receiver) : publish(r);
    }

    @Override
    public Verdict subscribe(byte[] subject, byte[] queue, byte[] sid) {
        calls.add("SUB " + text(subject) + "|" + text(queue) + "|" + text(sid));
        return verdicts.apply(text(subject));
    }

    @Override
    public void unsubscribe(byte[] sid, long maxDeliveries) {
        calls.add("UNSUB " + text(sid) + "|" + maxDeliveries);
    }

    @Override
    public void readComplete() {
        readsCompleted++;
        onReadComplete.run();
    }

    @Override
    public void close() {
        calls.add("CLOSE");
    }

    private static String text(byte[] bytes) {
        return text(bytes, 0, bytes.length);
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
}

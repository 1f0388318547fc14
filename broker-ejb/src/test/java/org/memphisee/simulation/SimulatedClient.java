package org.memphisee.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.memphisee.core.Broker;
import org.memphisee.port.AuthOutcome;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;

/** A client at the door that transports use. Hears nothing of what happens after the power went. */
final class SimulatedClient implements DeliverySink {

    /** A message that came; parts that it does not have are empty. */
    record Heard(String subject, String reply, String headers, String payload) {

        /** Whether it is no message but says how a request ended. */
        boolean status() {
            return headers.startsWith("NATS/1.0 ");
        }

        @Override
        public String toString() {
            return subject + (reply.isEmpty() ? "" : " ^" + reply) + " " + headers.replace("\r\n", "|") + " " + payload;
        }
    }

    private record Asked(String what, Consumer<Heard> answer) { }

    private static final byte[] NONE = {};

    private final String name;
    private final SessionPort session;
    private final Watch watch;
    /** By reply subject. */
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    private int requests;

    /** Who is told what a client gets. */
    interface Watch {

        /** Whether clients still hear something. */
        boolean hearing();

        /** A message that is no answer. */
        void came(SimulatedClient client, Heard heard);

        /** Something that must not be; thrown later, because the broker would catch it. */
        void wrong(String what);

        /** Anything, for the record. */
        void record(String client, String what);
    }

    /** Connects; it is let in when the broker's loops have turned. */
    SimulatedClient(Broker broker, int number, String password, Watch watch) {
        this.name = "c" + number;
        this.watch = watch;
        session = broker.port().open(SessionInfo.plain(number, "127.0.0.1", number, SessionInfo.Transport.TCP), this);
        session.authenticate(new ConnectOptions(false, false, true, true, true, 1, "root", password, "", "", "", "", false),
            outcome -> {
                if (!(outcome instanceof AuthOutcome.Accepted)) {
                    watch.wrong(name + " is not let in: " + outcome);
                }
            });
        subscribe("_INBOX." + name + ".*", "");
        subscribe("to." + name + ".>", "");
        subscribe("shared.>", "members");
        session.readComplete();
    }

    String name() {
        return name;
    }

    void subscribe(String subject, String queue) {
        session.subscribe(bytes(subject), bytes(queue), bytes(Integer.toString(++requests)));
    }

    /** Publishes; what comes back to its reply subject first is the answer. */
    void ask(String subject, String headers, String payload, Consumer<Heard> answer) {
        String reply = "_INBOX." + name + "." + ++requests;
        asked.put(reply, new Asked(subject.startsWith("$") ? subject : Story.payload(payload), answer));
        publish(subject, reply, headers, payload);
    }

    /** Publishes; answers of a pull request come as messages. Leaves with {@link #handOver}. */
    void publish(String subject, String reply, String headers, String payload) {
        byte[] all = bytes(subject + reply + headers + payload);
        int s = bytes(subject).length;
        int r = bytes(reply).length;
        int h = bytes(headers).length;
        session.publish(new PublishRequest(all, 0, s, s, r, s + r, h, all.length - s - r - h));
    }

    /** What was published so far was all of one read. */
    void handOver() {
        session.readComplete();
    }

    /** Requests without an answer, by subject, and messages by payload. */
    List<String> unanswered() {
        return asked.values().stream().map(Asked::what).toList();
    }

    private void came(Heard heard) {
        if (!watch.hearing()) {
            return;
        }
        watch.record(name, heard.toString());
        Asked request = asked.remove(heard.subject());
        if (request != null) {
            request.answer().accept(heard);
        } else {
            watch.came(this, heard);
        }
    }

    // ---- the broker's side

    @Override
    public OutboundBatch newBatch() {
        return new OutboundBatch() {
            private final List<Heard> gathered = new ArrayList<>();

            @Override
            public void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
                                int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength,
                                int payloadLength) {
                gathered.add(new Heard(text(subject, subjectOffset, subjectLength), text(reply, replyOffset, replyLength),
                    text(body, bodyOffset, headerLength), text(body, bodyOffset + headerLength, payloadLength)));
            }

            @Override
            public int size() {
                return gathered.size();
            }

            @Override
            public void send() {
                List<Heard> sent = List.copyOf(gathered);
                gathered.clear();
                sent.forEach(SimulatedClient.this::came);
            }
        };
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void pauseReading() { // what a story sends fits
    }

    @Override
    public void resumeReading() { // as above
    }

    @Override
    public void close(String error) {
        if (watch.hearing()) {
            watch.wrong(name + " was closed: " + error);
        }
    }

    private static String text(byte[] b, int offset, int length) {
        return new String(b, offset, length, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String s) {
        return s.isEmpty() ? NONE : s.getBytes(StandardCharsets.UTF_8);
    }
}

package org.memphisee.core.jetstream;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.QuietSink;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.store.memory.MemoryLogStore;

/** One plain client of a whole broker on a store in memory: requests go the whole way through router and shards. */
public final class LiveClient implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long SECONDS = 10;
    private static final String INBOX = "_INBOX.live.";

    private final Broker broker;
    private final BlockingQueue<Message> arrived = new LinkedBlockingQueue<>();
    private final SessionPort session;
    private int requests;

    /** What a client got; subject as shown, parts empty where there are none. */
    public record Message(String sid, String subject, String reply, String header, String payload, byte[] bytes) {

        private Message(String sid, String subject, String reply, String header, byte[] bytes) {
            this(sid, subject, reply, header, new String(bytes, StandardCharsets.UTF_8), bytes);
        }


        /** The payload as JSON. */
        public JsonNode json() {
            try {
                return MAPPER.readTree(payload);
            } catch (java.io.IOException e) {
                throw new AssertionError("not JSON: " + this, e);
            }
        }

        /** The API's error code, 0 for none. */
        public int errCode() {
            return json().path("error").path("err_code").asInt();
        }

        /** Status and text of the first header line. */
        public String status() {
            return header.lines().findFirst().orElse("").replaceFirst("^NATS/1.0 ?", "");
        }
    }

    public LiveClient() throws StoreException {
        this(new MemoryLogStore(MemoryLogStore.Disk.KEEPS));
    }

    /** On a store that may hold something already. */
    public LiveClient(MemoryLogStore store) throws StoreException {
        ControlSettings control = ControlSettings.of("secret-1", ControlSettings.AuthMode.USER_PASSWORD, "", "test")
            .withPasswordIterations(1000);
        broker = Broker.open(new BrokerOptions("test", 1 << 20, 2, 32 << 20, 8 << 20, 32 << 20, 100_000_000, 100_000_000, 0, 0,
            false, control), store, LiveClient::daemon, new Events());
        session = broker.port().open(SessionInfo.plain(1, "127.0.0.1", 1, SessionInfo.Transport.TCP), new Sink());
        BlockingQueue<Object> outcome = new LinkedBlockingQueue<>();
        session.authenticate(new ConnectOptions(false, false, true, true, true, 1, "root", "secret-1", "", "live", "java",
            "1", false), outcome::add);
        if (!take(outcome, "outcome of CONNECT").getClass().getSimpleName().equals("Accepted")) {
            throw new AssertionError("not let in");
        }
        subscribe(INBOX + "*", "inbox");
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** The broker itself. */
    public Broker broker() {
        return broker;
    }

    public void subscribe(String subject, String sid) {
        session.subscribe(bytes(subject), new byte[0], bytes(sid));
        session.readComplete();
    }

    public void publish(String subject, String reply, String header, String payload) {
        publish(subject, reply, header, bytes(payload));
    }

    /** The same with any bytes as payload. */
    public void publish(String subject, String reply, String header, byte[] p) {
        byte[] s = bytes(subject);
        byte[] r = bytes(reply);
        byte[] h = bytes(header);
        byte[] all = java.util.Arrays.copyOf(bytes(subject + reply + header), s.length + r.length + h.length + p.length);
        System.arraycopy(p, 0, all, all.length - p.length, p.length);
        session.publish(new PublishRequest(all, 0, s.length, s.length, r.length, s.length + r.length, h.length, p.length));
        session.readComplete();
    }

    /** Sends a request and waits for its first answer; quotes may be single. */
    public Message request(String subject, String json) {
        return request(subject, "", json.replace('\'', '"'));
    }

    /** The same with a header block. */
    public Message request(String subject, String header, String payload) {
        return request(subject, header, bytes(payload));
    }

    /** The same with any bytes as payload. */
    public Message request(String subject, String header, byte[] payload) {
        String reply = INBOX + ++requests;
        publish(subject, reply, header, payload);
        while (true) {
            Message m = next();
            if (m.subject().equals(reply) || m.sid().equals("inbox")) {
                return m;
            }
        }
    }

    /** A request to the JetStream API. */
    public Message js(String operation, String json) {
        return request("$JS.API." + operation, json);
    }

    /** A request to the JetStream API that must succeed. */
    public JsonNode done(String operation, String json) {
        Message answer = js(operation, json);
        if (answer.json().has("error")) {
            throw new AssertionError(operation + " was refused: " + answer);
        }
        return answer.json();
    }

    /** Publishes into a stream; its answer. */
    public JsonNode store(String subject, String header, String payload) {
        return request(subject, header, payload).json();
    }

    /** A header block of lines. */
    public static String header(String... lines) {
        return "NATS/1.0\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** The next message of any subscription. */
    public Message next() {
        return take(arrived, "message");
    }

    private static <T> T take(BlockingQueue<T> queue, String what) {
        try {
            T taken = queue.poll(SECONDS, TimeUnit.SECONDS);
            if (taken == null) {
                throw new AssertionError("no " + what + " in time");
            }
            return taken;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        session.close();
        broker.stopping();
        broker.close();
    }

    private static final class Events implements BrokerEvents {
        @Override
        public void storageFull(boolean full) { }

        @Override
        public void partitionFrozen(String stream, StoreException cause) { }

        @Override
        public void unexpected(String where, Throwable cause) {
            throw new AssertionError(where, cause);
        }
    }

    private final class Sink extends QuietSink {
        @Override
        public OutboundBatch newBatch() {
            return new Gathered();
        }

        @Override
        public void close(String error) {
            arrived.add(new Message("closed", error, "", "", new byte[0]));
        }
    }

    private final class Gathered implements OutboundBatch {
        private final java.util.List<Message> gathered = new java.util.ArrayList<>();

        @Override
        public void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
                            int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength,
                            int payloadLength) {
            gathered.add(new Message(text(sid, 0, sid.length), text(subject, subjectOffset, subjectLength),
                text(reply, replyOffset, replyLength), text(body, bodyOffset, headerLength),
                java.util.Arrays.copyOfRange(body, bodyOffset + headerLength, bodyOffset + headerLength + payloadLength)));
        }

        private String text(byte[] b, int offset, int length) {
            return new String(b, offset, length, StandardCharsets.UTF_8);
        }

        @Override
        public int size() {
            return gathered.size();
        }

        @Override
        public void send() {
            arrived.addAll(gathered);
            gathered.clear();
        }
    }
}

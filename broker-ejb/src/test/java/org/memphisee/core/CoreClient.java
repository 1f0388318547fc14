package org.memphisee.core;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.memphisee.core.routing.TestThread;
import org.memphisee.port.AuthOutcome;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.port.Verdict;

/** A plain client of a broker in this process, without a network. One thread uses it. */
public final class CoreClient implements DeliverySink {

    /** A message that came. */
    public record Message(String subject, String reply, String headers, String payload) { }

    private static final long SECONDS = 20;

    private final Map<String, CompletableFuture<String>> asked = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> askedHeaders = new ConcurrentHashMap<>();
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final SessionPort session;
    private final String own;
    private int requests;

    /** Number of the first partition of a stream that a broker has. */
    public static long partition(Broker broker, String stream) {
        return broker.partitions().stream().filter(each -> each.name().equals(stream)).mapToLong(each -> each.id()).findFirst()
            .orElseThrow();
    }

    /** Connects as root. */
    public CoreClient(Broker broker, String password) {
        this(broker, password, "");
    }

    /** Connects as root, with inboxes that begin with a text of its own, for several clients of one cluster. */
    public CoreClient(Broker broker, String password, String own) {
        this(broker, "root", password, own);
    }

    /** Connects as a user, who may need an {@code own} that begins with {@code _INBOX.} to hear answers. */
    public CoreClient(Broker broker, String user, String password, String own) {
        TestThread.runsNoLoop();
        this.own = own;
        session = broker.port().open(SessionInfo.plain(1, "127.0.0.1", 1, SessionInfo.Transport.TCP), this);
        CompletableFuture<AuthOutcome> outcome = new CompletableFuture<>();
        session.authenticate(new ConnectOptions(false, false, true, true, true, 1, user, password, "", "", "", "", false),
            outcome::complete);
        if (!(get(outcome) instanceof AuthOutcome.Accepted)) {
            throw new AssertionError("not accepted");
        }
        session.subscribe(bytes(own + "answer.>"), new byte[0], bytes("1"));
        session.subscribe(bytes(own + "inbox.>"), new byte[0], bytes("2"));
        session.readComplete();
    }

    /** Listens as a member of a queue group. */
    public void subscribe(String subject, String queue) {
        session.subscribe(bytes(subject), bytes(queue), bytes(Integer.toString(100 + ++requests)));
        session.readComplete();
    }

    /** Listens on one more subject; what comes there is told by {@link #next}. */
    public void subscribe(String subject) {
        session.subscribe(bytes(subject), new byte[0], bytes(Integer.toString(100 + ++requests)));
        session.readComplete();
    }

    /** Goes away: nothing comes to its inboxes any more. */
    public void disconnect() {
        session.close();
    }

    /** The next message that comes and answers nothing. */
    public Message next() {
        try {
            Message m = messages.poll(SECONDS, TimeUnit.SECONDS);
            if (m == null) {
                throw new AssertionError("nothing came");
            }
            return m;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What has come by now and was not told by {@link #next}. */
    public List<Message> come() {
        List<Message> all = new ArrayList<>();
        messages.drainTo(all);
        return all;
    }

    /** Publishes with a reply subject; the payload of the answer, whenever it comes. */
    public CompletableFuture<String> ask(String subject, String payload) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        String reply = own + "answer." + ++requests;
        asked.put(reply, answer);
        publish(subject, reply, payload);
        return answer;
    }

    /** Publishes a message with one header and a reply subject; the payload of the answer, whenever it comes. */
    public CompletableFuture<String> ask(String subject, String header, String payload) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        String reply = own + "answer." + ++requests;
        asked.put(reply, answer);
        publish(subject, reply, header.isEmpty() ? "" : "NATS/1.0\r\n" + header + "\r\n\r\n", payload);
        return answer;
    }

    /** The answer, waited for. */
    public String request(String subject, String payload) {
        return get(ask(subject, payload));
    }

    /** Publishes with a reply subject and waits for the header block of the answer. */
    public String answerHeaders(String subject, String payload) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        String reply = own + "answer." + ++requests;
        askedHeaders.put(reply, answer);
        publish(subject, reply, payload);
        return get(answer);
    }

    /** Publishes. */
    public void publish(String subject, String reply, String payload) {
        publish(subject, reply, "", payload);
    }

    private void publish(String subject, String reply, String header, String payload) {
        byte[] all = bytes(subject + reply + header + payload);
        int s = bytes(subject).length;
        int r = bytes(reply).length;
        int h = bytes(header).length;
        Verdict v = session.publish(new PublishRequest(all, 0, s, s, r, s + r, h, all.length - s - r - h));
        if (v != Verdict.ACCEPTED) {
            throw new AssertionError(subject + ": " + v);
        }
        session.readComplete();
    }

    /** Pulls so many messages of a consumer and waits for them. */
    public List<Message> fetch(String stream, String consumer, int count) {
        publish("$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer, own + "inbox." + ++requests,
            "{\"batch\":" + count + ",\"expires\":" + TimeUnit.SECONDS.toNanos(SECONDS) + "}");
        List<Message> fetched = new ArrayList<>();
        try {
            while (fetched.size() < count) {
                Message m = messages.poll(SECONDS, TimeUnit.SECONDS);
                if (m == null) {
                    throw new AssertionError("only " + fetched.size() + " of " + count + " messages came");
                }
                fetched.add(m);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return fetched;
    }

    /** The value, within the time that a test may take. */
    public static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    @Override
    public OutboundBatch newBatch() {
        return new OutboundBatch() {
            private final List<Message> gathered = new ArrayList<>();
            private int bytes;

            @Override
            public void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
                                int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength,
                                int payloadLength) {
                gathered.add(new Message(text(subject, subjectOffset, subjectLength), text(reply, replyOffset, replyLength),
                    text(body, bodyOffset, headerLength), text(body, bodyOffset + headerLength, payloadLength)));
                bytes += 20 + payloadLength;
            }

            @Override
            public int size() {
                return bytes;
            }

            @Override
            public void send() {
                gathered.forEach(CoreClient.this::came);
                gathered.clear();
                bytes = 0;
            }
        };
    }

    private void came(Message m) {
        CompletableFuture<String> headers = askedHeaders.remove(m.subject());
        CompletableFuture<String> answer = asked.remove(m.subject());
        if (headers != null) {
            headers.complete(m.headers());
        } else if (answer != null) {
            answer.complete(m.payload());
        } else {
            messages.add(m);
        }
    }

    private static String text(byte[] b, int offset, int length) {
        return new String(b, offset, length, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void pauseReading() { // what a test sends fits
    }

    @Override
    public void resumeReading() { // as above
    }

    @Override
    public void close(String error) {
        messages.add(new Message("closed", "", "", error));
    }
}

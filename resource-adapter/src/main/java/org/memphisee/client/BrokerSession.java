package org.memphisee.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.BrokerUnavailableException;
import org.memphisee.wire.ClientFrames;
import org.memphisee.wire.ServerFrameHandler;
import org.memphisee.wire.ServerFrameParser;

/**
 * One conversation with a broker, from the log-in to its end; it never reconnects. Sending is allowed from any thread; what
 * arrives is handled on the link's thread.
 */
public final class BrokerSession {

    private static final byte[] PING = bytes("PING\r\n");
    private static final byte[] PONG = bytes("PONG\r\n");
    private static final byte[] NONE = {};
    private static final long INBOX_SID = 1;
    private static final long SWEEP_MILLIS = 500;
    private static final String FORBIDDEN = "Permissions Violation for Publish to \"";

    private final String connectionId = UUID.randomUUID().toString();
    private final String inbox = "_INBOX." + connectionId.replace("-", "") + ".";
    private final int inboxLength = bytes(inbox).length;
    private final Dialer dialer;
    private final BrokerAddress address;
    private final Credentials credentials;
    private final SessionSettings settings;
    private final Consumer<String> whenClosed;
    private final CompletableFuture<BrokerSession> ready = new CompletableFuture<>();
    private final PendingAnswers answers = new PendingAnswers();
    private final InFlight inFlight;
    private final Map<Long, SubscriptionHandler> subscriptions = new ConcurrentHashMap<>();
    private final AtomicLong lastSid = new AtomicLong(INBOX_SID);
    private final PendingFlushes flushes = new PendingFlushes();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile BrokerLink link;
    private volatile String ended = "";
    private volatile boolean leaving;
    private volatile int maxPayload;

    // The link's thread's part.
    private final Silence silence;
    private boolean greeted;
    private String lastError = "";

    private BrokerSession(Dialer dialer, BrokerAddress address, Credentials credentials, SessionSettings settings,
                          Consumer<String> whenClosed) {
        this.dialer = dialer;
        this.address = address;
        this.credentials = credentials;
        this.settings = settings;
        this.whenClosed = whenClosed;
        inFlight = new InFlight(settings.maxInFlightBytes());
        silence = new Silence(TimeUnit.MILLISECONDS.toNanos(settings.pingMillis()));
    }

    /**
     * Connects and logs in.
     *
     * @param whenClosed told once why it ended, if it had begun and was not {@link #close closed} here; link's thread
     * @return completes with the session, or with {@link AccessRefusedException} or {@link BrokerUnavailableException}
     */
    public static CompletableFuture<BrokerSession> open(Dialer dialer, BrokerAddress address, Credentials credentials,
                                                        SessionSettings settings, Consumer<String> whenClosed) {
        BrokerSession session = new BrokerSession(dialer, address, credentials, settings, whenClosed);
        dialer.dial(address, session.new Link());
        return session.ready;
    }

    /** The id under which the broker knows this connection's producers and consumers. */
    public String connectionId() {
        return connectionId;
    }

    /** The user logged in. */
    public String user() {
        return credentials.user();
    }

    /** Where the broker is, for people. */
    public String peer() {
        return dialer.inProcess() ? "the broker in this process" : address.toString();
    }

    public SessionSettings settings() {
        return settings;
    }

    /** Largest message the broker takes, headers included, in bytes. */
    public int maxPayload() {
        return maxPayload;
    }

    /** Whether it has not ended. */
    public boolean open() {
        return ended.isEmpty();
    }

    /** Ends the conversation; what was sent before is still written. */
    public void close() {
        leaving = true;
        BrokerLink current = link;
        if (current != null) {
            current.close();
        }
    }

    /** Completes when the broker has handled everything sent before. */
    public CompletableFuture<Void> flush() {
        return flushes.add(() -> link.send(PING));
    }

    /**
     * Asks.
     *
     * @return completes with the payload of the answer on the link's thread, or with a {@link BrokerException}
     */
    public CompletableFuture<byte[]> request(String subject, byte[] payload) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        ClientFrames frame = new ClientFrames(256 + payload.length);
        byte[] reply = expect(subject, new AnswerHandler() {
            @Override
            public void answered(int status, byte[] bytes, int offset, int length) {
                if (status == 503) {
                    answer.completeExceptionally(new BrokerUnavailableException("Nobody serves " + subject + " at "
                        + peer() + "; the broker may still be starting"));
                } else {
                    answer.complete(Arrays.copyOfRange(bytes, offset, offset + length));
                }
            }

            @Override
            public void failed(BrokerException why) {
                answer.completeExceptionally(why);
            }
        });
        if (reply.length > 0) {
            frame.publish(bytes(subject), reply, NONE, payload);
            send(frame);
        }
        return answer;
    }

    /** A reply subject whose message goes to the handler; empty when the session is over, which the handler was told. */
    byte[] expect(String subject, AnswerHandler handler) {
        long deadline = dialer.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.requestMillis());
        long token = answers.add(subject, handler, deadline, closedException());
        return token < 0 ? NONE : bytes(inbox + token);
    }

    /** Sends what was gathered; nothing when the session is over. */
    public void send(ClientFrames frames) {
        BrokerLink current = link;
        if (frames.length() > 0 && current != null) {
            current.send(frames.take());
        }
    }

    /** Budget of what was published and is not acknowledged. */
    InFlight inFlight() {
        return inFlight;
    }

    /** A new subscription's number; nothing is sent yet: the broker hears of it by a SUB that the caller sends. */
    public long newSubscription(SubscriptionHandler handler) {
        long sid = lastSid.incrementAndGet();
        subscriptions.put(sid, handler);
        return sid;
    }

    /** A prefix for subjects that are this session's alone. With one more token they are its own; from two on they are free. */
    public String inboxPrefix() {
        return inbox;
    }

    /** Runs a task on the link's thread, later. */
    public BrokerLink.Task schedule(Runnable task, long millis) {
        return link.schedule(task, millis);
    }

    BrokerException closedException() {
        return new SessionClosedException("The connection to " + peer() + " is closed"
            + (ended.isEmpty() ? "" : ": " + ended));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What arrives. */
    private final class Link implements LinkListener, ServerFrameHandler {

        private final ServerFrameParser parser = new ServerFrameParser(this);

        @Override
        public void opened(BrokerLink opened) {
            link = opened;
            opened.schedule(() -> {
                if (!ready.isDone()) {
                    end("no log-in within " + settings.connectMillis() + " ms");
                }
            }, settings.connectMillis());
            opened.schedule(this::look, Math.min(SWEEP_MILLIS, settings.pingMillis()));
        }

        @Override
        public void received(ByteBuffer received) {
            silence.heard();
            parser.receive(received);
        }

        @Override
        public void readComplete() {
            subscriptions.values().forEach(SubscriptionHandler::readComplete);
        }

        @Override
        public void closed(String reason) {
            if (ended.isEmpty()) {
                ended = !lastError.isEmpty() ? lastError : reason.isEmpty() ? "closed" : reason;
            }
            BrokerException why = closedException();
            flushes.close(why);
            if (!over.compareAndSet(false, true)) {
                return;
            }
            answers.close(why);
            boolean hadBegun = ready.isDone() && !ready.isCompletedExceptionally();
            ready.completeExceptionally(new BrokerUnavailableException("No connection to " + peer() + ": " + ended));
            if (hadBegun && !leaving) {
                whenClosed.accept(ended);
            }
        }

        @Override
        public void info(byte[] bytes, int offset, int length) {
            Optional<Greeting> greeting = Greeting.parse(bytes, offset, length);
            if (greeting.isEmpty()) {
                garbage("an INFO that is no JSON");
                return;
            }
            maxPayload = greeting.get().maxPayload();
            if (!greeted) {
                greeted = true;
                logIn(greeting.get());
            }
        }

        private void logIn(Greeting greeting) {
            boolean tls = address.tls() && !dialer.inProcess();
            if (tls && !greeting.tlsRequired() && !greeting.tlsAvailable()) {
                end("the broker offers no TLS; switch it on there, or set tls=false here");
                return;
            }
            if (credentials.proof().isPresent() && greeting.nonce().isEmpty()) {
                end("the server asks for nothing that a key could sign; it knows users by other means");
                return;
            }
            boolean encrypted = tls || greeting.tlsRequired() && !dialer.inProcess();
            if (encrypted) {
                link.encrypt();
            }
            ClientFrames frames = new ClientFrames(512);
            frames.line(greeting.answer(credentials, connectionId, encrypted));
            frames.line("SUB " + inbox + "* " + INBOX_SID);
            flushes.add(() -> {
                frames.line("PING");
                link.send(frames.take());
            }).thenRun(() -> ready.complete(BrokerSession.this));
        }

        @Override
        public void message(byte[] bytes, int subjectOffset, int subjectLength, long sid, int replyOffset,
                            int replyLength, int bodyOffset, int headerLength, int payloadLength) {
            if (sid == INBOX_SID) {
                long token = number(bytes, subjectOffset + inboxLength, subjectOffset + subjectLength);
                int status = headerLength == 0 ? 0 : HeaderBlock.status(bytes, bodyOffset, headerLength);
                answers.answered(token, status, bytes, bodyOffset + headerLength, payloadLength);
                return;
            }
            SubscriptionHandler handler = subscriptions.get(sid);
            if (handler != null) {
                handler.message(bytes, subjectOffset, subjectLength, replyOffset, replyLength, bodyOffset, headerLength,
                    payloadLength);
            }
        }

        @Override
        public void ping() {
            link.send(PONG);
        }

        @Override
        public void pong() {
            flushes.answered();
        }

        @Override
        public void error(String text) {
            if (!ready.isDone() && text.startsWith("Authorization")) {
                ready.completeExceptionally(new AccessRefusedException("The broker at " + peer() + " refuses user "
                    + credentials.user() + " (" + text + "): check user and password"));
                end(text);
            } else if (text.startsWith(FORBIDDEN)) {
                int quote = text.indexOf('"', FORBIDDEN.length());
                String subject = text.substring(FORBIDDEN.length(), quote < 0 ? text.length() : quote);
                answers.refused(subject, new BrokerException("User " + credentials.user() + " may not do this: " + text));
            } else {
                lastError = text; // if the broker closes now, this is why
            }
        }

        @Override
        public void garbage(String what) {
            end("this is no broker, it sent " + what);
        }

        /** Regularly: what waits too long is given up, a silent broker is asked and then left. */
        private void look() {
            if (!open() && over.get()) {
                return;
            }
            long now = dialer.nanoTime();
            answers.expire(now, subject -> new BrokerUnavailableException("No answer from " + subject + " within "
                + settings.requestMillis() + " ms"));
            if (ready.isDone()) {
                Silence.Verdict verdict = silence.look(now);
                if (verdict == Silence.Verdict.GONE) {
                    end("the broker is silent");
                    return;
                }
                if (verdict == Silence.Verdict.ASK) {
                    flush();
                }
            }
            link.schedule(this::look, Math.min(SWEEP_MILLIS, settings.pingMillis()));
        }

        private void end(String why) {
            if (ended.isEmpty()) {
                ended = why;
            }
            link.close();
        }

        private long number(byte[] bytes, int from, int to) {
            long value = 0;
            for (int i = from; i < to; i++) {
                int digit = bytes[i] - '0';
                if (digit < 0 || digit > 9) {
                    return -1;
                }
                value = value * 10 + digit;
            }
            return value;
        }
    }
}

package org.memphisee.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.memphisee.port.AuthOutcome;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.ClusterMembers;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.ServerIdentity;
import org.memphisee.port.SessionDetails;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.port.Verdict;

/**
 * One client's conversation: turns its bytes into calls on the broker and the broker's verdicts into replies.
 *
 * <p>Input is copied once: {@link #reserve} says how much may be put into {@link #array()} at {@link #position()},
 * {@link #received} parses it. When a read is drained the transport calls {@link #readComplete()}. All methods belong
 * to the connection's I/O thread except {@link #halt()}. No input makes a method throw; what the broker throws passes
 * through, and the transport then drops the connection.
 */
public final class ProtocolSession implements FrameHandler {

    /** Bytes a client may have sent behind a CONNECT that is not answered yet; more than any one read. */
    private static final int MAX_WAITING_BYTES = 1 << 20;

    /** Keeps frame lengths within an int whatever the broker announces. */
    private static final int MAX_PAYLOAD = 1 << 30;

    private static final byte[] OK = ascii("+OK\r\n");
    private static final byte[] PING = ascii("PING\r\n");
    private static final byte[] PONG = ascii("PONG\r\n");
    private static final Transport.Cancellable NO_TIMER = () -> { };

    private final BrokerPort broker;
    private final SessionInfo info;
    private final DeliverySink sink;
    private final Transport transport;
    private final WireEvents events;
    private final WireSettings settings;
    private final InputBuffer input = new InputBuffer();
    private final FrameParser parser;
    private final HeldInput held;

    private volatile SessionPort port;
    private State state = State.NEW;
    private volatile boolean halted;
    private ConnectOptions options = ConnectParser.BEFORE_CONNECT;
    private boolean connected;
    private int maxPayload;
    private ClusterMembers cluster = ClusterMembers.NONE;
    private long messages;
    private long messageBytes;
    private ListenAddress address;
    private boolean traffic;
    /** The client was told that the server is about to stop. */
    private boolean leaving;
    private int outstandingPings;
    private long pingSentNanos;
    private Transport.Cancellable timer = NO_TIMER;

    private enum State { NEW, CONNECT_REQUIRED, READY, AUTHENTICATING, CLOSED }

    /**
     * Nothing happens before {@link #open}.
     *
     * @param broker who handles the operations
     * @param info the connection
     * @param sink how the broker reaches the client; {@link DeliverySink#close} must end up in {@link #close}
     * @param transport how the session reaches the client
     * @param events where traffic is counted
     * @param settings limits and times
     */
    public ProtocolSession(BrokerPort broker, SessionInfo info, DeliverySink sink, Transport transport,
                           WireEvents events, WireSettings settings) {
        this.broker = Objects.requireNonNull(broker, "broker is required");
        this.info = Objects.requireNonNull(info, "info is required");
        this.sink = Objects.requireNonNull(sink, "sink is required");
        this.transport = Objects.requireNonNull(transport, "transport is required");
        this.events = Objects.requireNonNull(events, "events is required");
        this.settings = Objects.requireNonNull(settings, "settings is required");
        parser = new FrameParser(input, this, settings.maxControlLine());
        held = new HeldInput(input, sink, transport, () -> {
            parser.parse();
            readComplete();
        });
    }

    /**
     * Opens the broker's side and sends INFO. Called once, before anything else.
     *
     * @param address where the server listens
     */
    public void open(ListenAddress address) {
        ServerIdentity server = broker.identity();
        this.address = address;
        maxPayload = maxPayload(server);
        cluster = server.cluster();
        port = broker.open(info, sink);
        transport.write(InfoLine.of(server, address, info));
        if (server.authRequired()) {
            state = State.CONNECT_REQUIRED;
            timer = transport.schedule(this::authenticationTimeout, settings.authTimeoutMillis());
        } else {
            state = State.READY;
            timer = transport.schedule(this::pingDue, settings.pingIntervalMillis());
        }
    }

    /**
     * Makes room for input.
     *
     * @param wanted bytes at hand, at least 1
     * @return how many to put at {@link #position()} of {@link #array()} now: 1 to wanted; 0 if input is not taken any
     *         more and is to be dropped
     */
    public int reserve(int wanted) {
        if (state == State.CLOSED) {
            return 0;
        }
        if (state == State.AUTHENTICATING && input.waiting() > MAX_WAITING_BYTES) {
            close(WireError.SILENT, CloseReason.NOT_ALLOWED);
            return 0;
        }
        held.grown();
        return state == State.CLOSED ? 0 : input.reserve(wanted);
    }

    /** Where input goes; valid until {@link #received}. */
    public byte[] array() {
        return input.array();
    }

    /** First free byte of {@link #array()}. */
    public int position() {
        return input.end();
    }

    private static int maxPayload(ServerIdentity server) {
        return Math.min(server.maxPayload(), MAX_PAYLOAD);
    }

    /** Parses what was put at {@link #position()}, by the limits of now; the client is told first when they are others. */
    public void received(int count) {
        input.filled(count);
        traffic = true;
        ServerIdentity server = broker.identity();
        int limit = maxPayload(server);
        if (limit != maxPayload || server.cluster() != cluster) { // it changed while the client is here
            maxPayload = limit;
            cluster = server.cluster();
            transport.write(info(server));
        }
        parser.parse();
    }

    private byte[] info(ServerIdentity server) {
        return leaving ? InfoLine.leaving(server, address, info) : InfoLine.of(server, address, info);
    }

    /** Tells the client that this server is about to stop, and where to go; it is served on. One that is no client yet is told when it is. */
    public void leaving() {
        leaving = true;
        if (state == State.READY) {
            ServerIdentity server = broker.identity();
            cluster = server.cluster();
            transport.write(info(server));
        }
    }

    /** Takes all the bytes of a buffer: {@link #reserve} and {@link #received} as often as needed. */
    public void receive(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int count = reserve(bytes.remaining());
            if (count == 0) {
                return;
            }
            bytes.get(array(), position(), count);
            received(count);
        }
    }

    /** The socket had no more to read: lets the broker act on everything handed over since the last call. */
    public void readComplete() {
        if (messages > 0) {
            events.published(messages, messageBytes);
            messages = 0;
            messageBytes = 0;
        }
        held.readComplete();
        if (state != State.CLOSED && state != State.NEW) {
            port.readComplete();
        }
    }

    /** Runs the action when everything that the client has sent is handed on: at once, or when nothing is held back. */
    public void whenHandedOn(Runnable action) {
        held.whenHandedOn(action);
    }

    /** No further operation is parsed from now on; {@link #close} is about to be called. Any thread. */
    public void halt() {
        halted = true;
    }

    /**
     * Ends the conversation: sends {@code -ERR}, if there is a text, after what waits, and lets the transport close.
     *
     * @param error text without quotes, empty for none
     */
    public void close(String error) {
        close(error, WireError.reason(error));
    }

    /**
     * As {@link #close(String)}, for a transport that knows the reason better than the text tells.
     *
     * @param error text without quotes, empty for none
     * @param reason why the connection ends
     */
    public void close(String error, CloseReason reason) {
        if (state == State.CLOSED) {
            return;
        }
        if (!error.isEmpty()) {
            transport.write(WireError.line(error));
        }
        if (reason == CloseReason.SHUTDOWN && state == State.READY) {
            transport.write(InfoLine.leaving(broker.identity(), address, info)); // it need not wonder, nor try at once
        }
        events.closing(error, reason);
        transport.closeAfterFlush(reason);
        connectionClosed();
    }

    /** The client speaks plain text where only TLS is allowed. */
    public void closeForPlainText() {
        close(WireError.TLS_REQUIRED);
    }

    /** The connection is gone, whoever ended it. May be called repeatedly. */
    public void connectionClosed() {
        if (state == State.CLOSED) {
            return;
        }
        boolean opened = state != State.NEW;
        state = State.CLOSED;
        held.forget();
        timer.cancel();
        input.clear();
        if (opened) {
            port.close();
        }
    }

    /** What the broker knows about the client. Any thread. */
    public SessionDetails details() {
        SessionPort opened = port;
        return opened == null ? SessionDetails.NONE : opened.details();
    }

    @Override
    public boolean ready() {
        return (state == State.READY || state == State.CONNECT_REQUIRED) && !halted && !held.present();
    }

    @Override
    public boolean admits(boolean isConnect) {
        if (state == State.CONNECT_REQUIRED && !isConnect) {
            close(WireError.AUTHORIZATION_VIOLATION);
            return false;
        }
        return true;
    }

    @Override
    public boolean headersSupported() {
        return options.headers();
    }

    @Override
    public int maxPayload() {
        return maxPayload;
    }

    @Override
    public void connect(byte[] bytes, int offset, int length) {
        Optional<ConnectOptions> parsed = ConnectParser.parse(bytes, offset, length);
        if (parsed.isEmpty()) {
            close(WireError.SILENT, CloseReason.PROTOCOL_ERROR);
            return;
        }
        options = parsed.get();
        events.introduced(options);
        if (options.protocol() != 0 && options.protocol() != 1) {
            close(WireError.INVALID_PROTOCOL);
        } else if (options.noResponders() && !options.headers()) {
            close(WireError.NO_RESPONDERS_WITHOUT_HEADERS);
        } else {
            transport.headersSupported(options.headers());
            authenticate();
        }
    }

    @Override
    public boolean publish(PublishRequest request) {
        Verdict verdict = held.insisting() ? port.publish(request) : port.offer(request);
        if (verdict instanceof Verdict.Deferred deferred) {
            events.heldBack();
            held.begin(deferred.until());
            return false;
        }
        messages++;
        messageBytes += request.bodyLength();
        answer(verdict);
        return true;
    }

    @Override
    public void subscribe(byte[] subject, byte[] queue, byte[] sid) {
        events.subscriptionsChanged();
        answer(port.subscribe(subject, queue, sid));
    }

    @Override
    public void unsubscribe(byte[] sid, long maxDeliveries) {
        events.subscriptionsChanged();
        port.unsubscribe(sid, maxDeliveries);
        answer(Verdict.ACCEPTED);
    }

    @Override
    public void ping() {
        if (messages > 0) {
            readComplete(); // whoever has PONG, has whatever its own earlier publishes brought it
        }
        transport.write(PONG);
    }

    @Override
    public void pong() {
        if (outstandingPings > 0) {
            events.roundTrip(System.nanoTime() - pingSentNanos);
        }
        outstandingPings = 0;
    }

    @Override
    public void violation(String error) {
        close(error, error.isEmpty() ? CloseReason.PROTOCOL_ERROR : WireError.reason(error));
    }

    private void answer(Verdict verdict) {
        if (verdict instanceof Verdict.Refused refused) {
            transport.write(WireError.line(refused.error()));
        } else if (options.verbose()) {
            transport.write(OK);
        }
    }

    private void authenticate() {
        state = State.AUTHENTICATING;
        if (!connected) {
            timer.cancel();
            timer = NO_TIMER;
        }
        PendingAnswer answer = new PendingAnswer();
        port.authenticate(options, answer);
        answer.callReturned();
    }

    private void authenticated(AuthOutcome outcome) {
        if (outcome instanceof AuthOutcome.Refused refused) {
            close(refused.error());
            return;
        }
        state = State.READY;
        if (options.verbose()) {
            transport.write(OK);
        }
        if (leaving) {
            leaving();
        }
        if (!connected) {
            connected = true;
            timer = transport.schedule(this::sendPing, settings.firstPingMillis());
        }
    }

    private void authenticatedLater(AuthOutcome outcome) {
        if (state != State.AUTHENTICATING) {
            return;
        }
        sink.resumeReading();
        authenticated(outcome);
        parser.parse();
        readComplete();
    }

    private void authenticationTimeout() {
        events.authenticationTimedOut();
        close(WireError.AUTHENTICATION_TIMEOUT);
    }

    private void pingDue() {
        if (traffic) {
            traffic = false;
            timer = transport.schedule(this::pingDue, settings.pingIntervalMillis());
        } else {
            sendPing();
        }
    }

    private void sendPing() {
        if (outstandingPings == settings.maxOutstandingPings()) {
            close(WireError.STALE_CONNECTION);
            return;
        }
        outstandingPings++;
        traffic = false;
        pingSentNanos = System.nanoTime();
        transport.write(PING);
        timer = transport.schedule(this::pingDue, settings.pingIntervalMillis());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The broker's answer to one CONNECT: given inside the call, or later and then brought to the I/O thread. */
    private final class PendingAnswer implements Consumer<AuthOutcome> {

        private final Thread caller = Thread.currentThread();
        private final AtomicBoolean given = new AtomicBoolean();
        private boolean inCall = true; // of the caller's thread only
        private Optional<AuthOutcome> immediate = Optional.empty();

        @Override
        public void accept(AuthOutcome outcome) {
            Objects.requireNonNull(outcome, "outcome is required");
            if (!given.compareAndSet(false, true)) {
                return;
            }
            if (Thread.currentThread() == caller && inCall) {
                immediate = Optional.of(outcome);
            } else {
                transport.execute(() -> authenticatedLater(outcome));
            }
        }

        void callReturned() {
            inCall = false;
            if (immediate.isPresent()) {
                authenticated(immediate.get());
            } else {
                sink.pauseReading();
            }
        }
    }
}

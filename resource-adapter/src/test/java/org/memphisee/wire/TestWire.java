package org.memphisee.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.SessionInfo;

/** A session whose wire, clock and I/O thread are in the hands of a test. */
final class TestWire implements Transport, DeliverySink, WireEvents {

    final RecordingBroker broker = new RecordingBroker();
    final StringBuilder output = new StringBuilder();
    boolean closed;
    CloseReason closeReason = CloseReason.OTHER;
    boolean headers;
    int pauses;
    boolean congested;
    final List<Runnable> waiting = new ArrayList<>();
    int authTimeouts;
    long messages;
    long bytes;
    private long now;
    private final List<Timer> timers = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final ProtocolSession session;

    private static final class Timer implements Cancellable {
        private final long due;
        private final Runnable task;
        private boolean cancelled;

        Timer(long due, Runnable task) {
            this.due = due;
            this.task = task;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    TestWire() {
        this(WireSettings.DEFAULTS);
    }

    TestWire(WireSettings settings) {
        SessionInfo info = SessionInfo.plain(7, "10.0.0.9", 4711, SessionInfo.Transport.TCP);
        session = new ProtocolSession(broker, info, this, this, this, settings);
    }

    TestWire open() {
        session.open(new ListenAddress("127.0.0.1", 6666, ListenAddress.Tls.NONE));
        return this;
    }

    /** Opens and forgets INFO. */
    TestWire opened() {
        open();
        output.setLength(0);
        return this;
    }

    /** Opens with a quiet client: no verbose, headers supported. */
    TestWire connected() {
        opened().send("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,"
                + "\"protocol\":1}\r\n");
        broker.calls.clear();
        return this;
    }

    TestWire send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** One drained read. */
    TestWire send(byte[] segment) {
        session.receive(ByteBuffer.wrap(segment));
        session.readComplete();
        return this;
    }

    ProtocolSession session() {
        return session;
    }

    void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
    }

    void advance(long millis) {
        long until = now + millis;
        while (true) {
            Timer next = timers.stream().filter(t -> !t.cancelled && t.due <= until)
                    .min(Comparator.comparingLong(t -> t.due)).orElse(null);
            if (next == null) {
                break;
            }
            timers.remove(next);
            now = next.due;
            next.task.run();
        }
        now = until;
    }

    /** Output since the last call. */
    String takeOutput() {
        String text = output.toString();
        output.setLength(0);
        return text;
    }

    @Override
    public void write(byte[] line) {
        output.append(new String(line, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void closeAfterFlush(CloseReason reason) {
        closed = true;
        closeReason = reason;
    }

    @Override
    public Cancellable schedule(Runnable task, long delayMillis) {
        Timer timer = new Timer(now + delayMillis, task);
        timers.add(timer);
        return timer;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void headersSupported(boolean supported) {
        headers = supported;
    }

    @Override
    public OutboundBatch newBatch() {
        throw new UnsupportedOperationException("nothing is delivered here");
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public boolean congested() {
        return congested;
    }

    @Override
    public void whenRelieved(Runnable action) {
        waiting.add(action);
    }

    /** The client has read what waited for it. */
    void relieve() {
        congested = false;
        List<Runnable> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Runnable::run);
        runTasks();
    }

    @Override
    public void pauseReading() {
        pauses++;
    }

    @Override
    public void resumeReading() {
        pauses--;
    }

    @Override
    public void close(String error) {
        session.halt();
        execute(() -> session.close(error));
    }

    @Override
    public void published(long newMessages, long newBytes) {
        messages += newMessages;
        bytes += newBytes;
    }

    @Override
    public void authenticationTimedOut() {
        authTimeouts++;
    }
}

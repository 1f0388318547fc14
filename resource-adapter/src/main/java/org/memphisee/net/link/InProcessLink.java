package org.memphisee.net.link;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.EventLoop;
import org.memphisee.client.BrokerLink;
import org.memphisee.client.LinkListener;
import org.memphisee.net.Congestion;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.SessionInfo;
import org.memphisee.wire.CloseReason;
import org.memphisee.wire.ListenAddress;
import org.memphisee.wire.MessageFrame;
import org.memphisee.wire.ProtocolSession;
import org.memphisee.wire.Transport;

/**
 * Both ends of a conversation inside one process: the client's bytes go into a {@link ProtocolSession}, the broker's frames to
 * the listener, all on one event loop. Nothing of the protocol's rules exists twice.
 */
final class InProcessLink implements BrokerLink, Congestion.Progress {

    private static final Logger LOG = System.getLogger(InProcessLink.class.getName());

    private final InProcessDialer dialer;
    private final EventLoop loop;
    private final LinkListener listener;
    private final NetSettings settings;
    private final ProtocolSession session;
    private final Queue<byte[]> toBroker = new ConcurrentLinkedQueue<>();
    private final Queue<byte[]> toClient = new ConcurrentLinkedQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicInteger pauses = new AtomicInteger();
    private final Congestion congestion;
    private long taken;
    private long takenAt;
    private String why = "the broker closed the connection";
    private boolean gone;

    InProcessLink(InProcessDialer dialer, BrokerPort broker, SessionInfo info, EventLoop loop, LinkListener listener,
                  NetSettings settings, NetCounters counters) {
        this.dialer = dialer;
        this.loop = loop;
        this.listener = listener;
        this.settings = settings;
        congestion = new Congestion(loop, settings.maxQueuedBytes(), settings.patienceMillis(), this);
        BrokersEnd end = new BrokersEnd();
        session = new ProtocolSession(broker, info, end, end, counters, settings.wire());
    }

    /** Begins the conversation. Event loop. */
    void open() {
        listener.opened(this);
        guarded(() -> session.open(new ListenAddress("in-process", 0, ListenAddress.Tls.NONE)));
    }

    /** The broker stops. Any thread. */
    void shutDown() {
        onLoop(() -> {
            why = "the broker stops";
            session.close("");
        });
    }

    // ---- BrokerLink: any thread

    @Override
    public void send(byte[] bytes) {
        toBroker.add(bytes);
        wake();
    }

    @Override
    public Task schedule(Runnable task, long delayMillis) {
        return later(task, delayMillis)::cancel;
    }

    @Override
    public void encrypt() {
        // nothing leaves the process
    }

    @Override
    public void close() {
        onLoop(() -> {
            turn();
            why = "";
            session.close("");
        });
    }

    // ---- event loop

    private void turn() {
        awake.set(false);
        boolean read = false;
        for (byte[] bytes = next(); bytes != null && !gone; bytes = next()) {
            session.receive(ByteBuffer.wrap(bytes));
            read = true;
        }
        if (read) {
            session.readComplete();
        }
        deliver();
    }

    private byte[] next() {
        return pauses.get() > 0 ? null : toBroker.poll();
    }

    private void deliver() {
        boolean any = false;
        for (byte[] bytes = toClient.poll(); bytes != null && !gone; bytes = toClient.poll()) {
            listener.received(ByteBuffer.wrap(bytes));
            any = true;
            taken += bytes.length;
            takenAt = System.nanoTime();
            congestion.fell(queued.addAndGet(-bytes.length));
        }
        if (any) {
            listener.readComplete();
        }
    }

    private void end() {
        if (gone) {
            return;
        }
        deliver();
        gone = true;
        congestion.end();
        toBroker.clear();
        toClient.clear();
        dialer.ended(this);
        session.connectionClosed();
        listener.closed(why);
    }

    @Override
    public long taken() {
        return taken;
    }

    @Override
    public long silentNanos() {
        return System.nanoTime() - takenAt;
    }

    private void wake() {
        if (awake.compareAndSet(false, true)) {
            onLoop(this::turn);
        }
    }

    private void slow() {
        session.halt();
        onLoop(() -> session.close("Slow Consumer"));
    }

    private Transport.Cancellable later(Runnable task, long delayMillis) {
        try {
            ScheduledFuture<?> future = loop.schedule(() -> guarded(task), delayMillis, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) { // the adapter has stopped
            return () -> { };
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            // the adapter has ended its threads, and with them all links
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "RA0109 A session inside the process is closed by an error", e);
            why = e.toString();
            end();
        }
    }

    /** The broker's end. */
    private final class BrokersEnd implements DeliverySink, Transport {

        // ---- DeliverySink: any thread

        @Override
        public OutboundBatch newBatch() {
            return new Frames();
        }

        @Override
        public long queuedBytes() {
            return queued.get();
        }

        @Override
        public long budgetBytes() {
            return settings.maxQueuedBytes();
        }

        @Override
        public boolean congested() {
            return congestion.present();
        }

        @Override
        public void whenRelieved(Runnable action) {
            congestion.whenRelieved(action);
        }

        @Override
        public void pauseReading() {
            pauses.incrementAndGet();
        }

        @Override
        public void resumeReading() {
            if (pauses.decrementAndGet() == 0) {
                wake();
            }
        }

        @Override
        public void close(String error) {
            session.halt();
            onLoop(() -> session.close(error));
        }

        // ---- Transport: event loop

        @Override
        public void write(byte[] bytes) {
            queued.addAndGet(bytes.length);
            toClient.add(bytes);
            wake();
        }

        @Override
        public void closeAfterFlush(CloseReason reason) {
            onLoop(InProcessLink.this::end); // not inside the call that the session is just in
        }

        @Override
        public Cancellable schedule(Runnable task, long delayMillis) {
            return later(task, delayMillis);
        }

        @Override
        public void execute(Runnable task) {
            onLoop(task);
        }

        @Override
        public void headersSupported(boolean supported) {
            // our client always understands them
        }
    }

    /** Frames of the broker, gathered by one of its threads. */
    private final class Frames implements OutboundBatch {

        private byte[] bytes = new byte[0];
        private int length;

        @Override
        public void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
                            int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength,
                            int payloadLength) {
            long needed = length + MessageFrame.maxLength(sid.length + subjectLength + replyLength, headerLength,
                payloadLength);
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(needed, Math.min(2L * length, 1 << 30))));
            }
            length = MessageFrame.write(bytes, length, sid, subject, subjectOffset, subjectLength, reply, replyOffset,
                replyLength, body, bodyOffset, headerLength, payloadLength);
        }

        @Override
        public int size() {
            return length;
        }

        @Override
        public void send() {
            if (length == 0) {
                return;
            }
            long waiting = queued.addAndGet(length);
            if (waiting > settings.maxQueuedBytes()) {
                slow();
            } else {
                if (congestion.rose(waiting)) {
                    onLoop(congestion::watch);
                }
                toClient.add(Arrays.copyOf(bytes, length));
                wake();
            }
            length = 0;
        }
    }
}

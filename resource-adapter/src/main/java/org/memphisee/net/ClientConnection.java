package org.memphisee.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import javax.net.ssl.SSLException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.SessionInfo;
import org.memphisee.wire.CloseReason;
import org.memphisee.wire.ListenAddress;
import org.memphisee.wire.ProtocolSession;
import org.memphisee.wire.Transport;

/**
 * One client, by TCP or WebSocket. Everything runs on its event loop except the methods of {@link DeliverySink}.
 *
 * <p>Closing with words takes three steps: what waits is written, then our direction is shut, then the client's bytes
 * are read and dropped for a moment. Closing at once with unread input would make the kernel send a reset, and the
 * client would never see why.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter
        implements DeliverySink, Transport, OutboundQueue.Owner {

    private static final Logger LOG = System.getLogger(ClientConnection.class.getName());
    private static final long LINGER_MILLIS = 500;
    /** For so long a client that is to go may still get answers to what it sent. */
    private static final long ANSWERS_MILLIS = 250;
    private static final AtomicIntegerFieldUpdater<ClientConnection> PAUSES =
            AtomicIntegerFieldUpdater.newUpdater(ClientConnection.class, "pauses");
    private static final AtomicIntegerFieldUpdater<ClientConnection> DISMISSED =
            AtomicIntegerFieldUpdater.newUpdater(ClientConnection.class, "dismissed");

    private final Channel channel;
    private final EventLoop loop;
    private final Serving serving;
    private final ListenAddress address;
    private final Farewell farewell;
    private final OutboundQueue queue;
    private final ProtocolSession session;
    private final Runnable flush;
    private final SessionInfo info;
    private final ConnectionTraffic traffic;
    private final Encryption encryption;

    private volatile int pauses;
    private volatile int dismissed;

    // The event loop's part.
    private boolean reading;
    private boolean closing;
    private CloseReason reason = CloseReason.OTHER;
    private boolean slow;
    private volatile boolean gone;

    /**
     * A client that is served once {@link #begin()} is called.
     *
     * @param channel its socket
     * @param info what the broker is told
     * @param serving what it has in common with others
     * @param address where the client found us
     * @param farewell what is said to it at the end
     * @param encryption what becomes known of its TLS
     */
    public ClientConnection(Channel channel, SessionInfo info, Serving serving, ListenAddress address, Farewell farewell,
                            Encryption encryption) {
        this.channel = channel;
        this.serving = serving;
        this.address = address;
        this.farewell = farewell;
        this.info = info;
        this.encryption = encryption;
        traffic = new ConnectionTraffic(serving.counters(), info.transport());
        loop = channel.eventLoop();
        queue = new OutboundQueue(channel, serving.pool(), this, serving.settings());
        flush = queue::flush;
        session = new ProtocolSession(serving.broker(), info, this, this, traffic,
                serving.settings().wire());
    }

    /** The bytes of the protocol can go both ways now: opens the session. Event loop, once. */
    public void begin() {
        serving.connections().opened(this);
        session.open(address);
    }

    // ---- socket events

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            reading = true;
            while (bytes.isReadable()) {
                int count = session.reserve(bytes.readableBytes());
                if (count == 0) {
                    return;
                }
                bytes.readBytes(session.array(), session.position(), count);
                session.received(count);
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.readComplete();
        reading = false;
        queue.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            queue.flush();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        session.whenHandedOn(this::ended);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(cause);
    }

    // ---- DeliverySink: any thread

    @Override
    public OutboundBatch newBatch() {
        return new FrameBatch(queue, serving.pool(), traffic);
    }

    @Override
    public long queuedBytes() {
        return queue.queuedBytes();
    }

    @Override
    public long budgetBytes() {
        return queue.maxBytes();
    }

    @Override
    public boolean congested() {
        return queue.congestion().present();
    }

    @Override
    public void whenRelieved(Runnable action) {
        queue.congestion().whenRelieved(action);
    }

    @Override
    public void pauseReading() {
        if (PAUSES.getAndIncrement(this) == 0) {
            applyPauses();
        }
    }

    @Override
    public void resumeReading() {
        if (PAUSES.decrementAndGet(this) == 0) {
            applyPauses();
        }
    }

    @Override
    public void close(String error) {
        session.halt();
        execute(() -> session.close(error)); // never inside a call that the session is just making to the broker
    }

    /** What a monitor shows of it. Any thread. */
    ConnectionFigures figures() {
        return traffic.figures(info, queue.queuedBytes(), session.details(), gone ? System.currentTimeMillis() : 0,
                encryption);
    }

    private void applyPauses() {
        if (loop.inEventLoop()) {
            channel.config().setAutoRead(closing || pauses <= 0);
        } else {
            onLoop(this::applyPauses);
        }
    }

    // ---- Transport: event loop

    @Override
    public void write(byte[] bytes) {
        queue.offer(bytes, bytes.length, false);
    }

    @Override
    public void closeAfterFlush(CloseReason why) {
        if (closing) {
            return;
        }
        closing = true;
        reason = why;
        loop.schedule(this::drop, serving.settings().drainMillis(), TimeUnit.MILLISECONDS);
        queue.seal();
    }

    @Override
    public Cancellable schedule(Runnable task, long delayMillis) {
        ScheduledFuture<?> future = loop.schedule(() -> guarded(task), delayMillis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void execute(Runnable task) {
        onLoop(() -> guarded(task));
    }

    @Override
    public void headersSupported(boolean supported) {
        queue.headersSupported(supported);
    }

    // ---- OutboundQueue.Owner

    @Override
    public void wakeUp() {
        if (!loop.inEventLoop() || !reading) { // a read ends with a flush
            onLoop(flush);
        }
    }

    @Override
    public void tooSlow() {
        session.halt();
        onLoop(this::dropSlow);
    }

    @Override
    public void mustBeWatched() {
        onLoop(queue.congestion()::watch);
    }

    @Override
    public void flushed() {
        farewell.say(channel, reason).addListener(said -> Farewell.shutOutput(channel));
        applyPauses();
        loop.schedule(this::drop, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- ends

    /** Only TLS is allowed, and the client did not begin with it. Event loop. */
    void refusePlainText() {
        session.halt();
        session.closeForPlainText();
    }

    /** The server is about to stop: the client is told, and served on. Any thread. */
    void tellLeaving() {
        execute(session::leaving);
    }

    /**
     * The client is to go to another server: nothing more is taken from it, and what it waits for has a moment to come. Any thread.
     *
     * @return false when it was asked to go already
     */
    boolean dismiss() {
        if (DISMISSED.getAndSet(this, 1) != 0) {
            return false;
        }
        session.halt();
        onLoop(() -> schedule(() -> session.close("", CloseReason.SHUTDOWN), ANSWERS_MILLIS));
        return true;
    }

    /** The server stops: as if the client had been told to go, without a word. Any thread. */
    void shutDown() {
        session.halt();
        execute(() -> session.close("", CloseReason.SHUTDOWN));
    }

    /** The transport has seen something that ends the conversation. Event loop. */
    public void end(CloseReason why) {
        if (why == CloseReason.CLIENT_LEFT) {
            session.whenHandedOn(() -> session.close("", why));
        } else {
            session.halt();
            session.close("", why);
        }
    }

    /** Closes at once; what waits is lost. Event loop. */
    void drop() {
        try {
            ended();
        } finally {
            channel.close();
        }
    }

    /** Closes at once. Any thread. */
    void dropLater() {
        onLoop(this::drop);
    }

    /** What a session or the broker throws costs this connection and nothing else. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Throwable cause) {
        traffic.failed(cause);
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException tls) {
            LOG.log(Level.INFO, "RA0107 TLS with {0} failed: {1}", channel.remoteAddress(), tls.getMessage());
        } else if (!(cause instanceof IOException)) { // those are the network's everyday life
            LOG.log(Level.WARNING, "RA0105 Connection to " + channel.remoteAddress() + " is closed by an error", cause);
        }
        drop();
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The listener has ended its threads; the connection is gone.
        }
    }

    private void dropSlow() {
        if (!slow && !gone) {
            slow = true;
            traffic.slow();
            serving.counters().slowConsumer();
            LOG.log(Level.INFO, "RA0106 Slow consumer {0} is closed, {1} bytes waited", channel.remoteAddress(),
                    queue.queuedBytes());
        }
        ended();
        // a client that reads after all finds out why; otherwise the socket closes without
        farewell.say(channel, CloseReason.NOT_ALLOWED).addListener(ChannelFutureListener.CLOSE);
        loop.schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void ended() {
        if (gone) {
            return;
        }
        gone = true;
        queue.drop();
        serving.connections().ended(this, figures());
        session.connectionClosed();
    }
}

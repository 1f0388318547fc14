package org.memphisee.net;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import org.memphisee.port.BrokerPort;

/**
 * Accepts clients on one TCP port and serves them until closed. Methods may be called from any thread that is not one
 * of its own.
 */
public final class ClientListener implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ClientListener.class.getName());
    private static final int BACKLOG = 4096;
    private static final int IDLE_READ_BYTES = 2048;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final BrokerPort broker;
    private final NetSettings settings;
    private final NetCounters counters;
    private final ArrayPool pool = new ArrayPool();
    private final AtomicLong lastClientId = new AtomicLong();
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final Object allEnded = new Object();
    private final IoThreads threads;

    private volatile Channel server;
    private volatile int port;
    private volatile boolean closing;
    private boolean closed;

    private ClientListener(BrokerPort broker, NetSettings settings, NetCounters counters, ThreadFactory threads) {
        this.broker = Objects.requireNonNull(broker, "broker is required");
        this.settings = Objects.requireNonNull(settings, "settings is required");
        this.counters = Objects.requireNonNull(counters, "counters is required");
        this.threads = new IoThreads(settings.loops(), settings.nativeTransport(),
                Objects.requireNonNull(threads, "threads is required"));
    }

    /**
     * Binds the port; clients are served when this returns.
     *
     * @param broker who serves them
     * @param settings where and within which limits
     * @param counters where traffic is counted
     * @param threads makes the event loops' threads
     * @return the listener
     * @throws ListenException if the port is in use or the address cannot be used; nothing stays open then
     */
    public static ClientListener open(BrokerPort broker, NetSettings settings, NetCounters counters,
                                      ThreadFactory threads) throws ListenException {
        ClientListener listener = new ClientListener(broker, settings, counters, threads);
        listener.bind();
        return listener;
    }

    /** The bound port. */
    public int port() {
        return port;
    }

    /** Connections that are open now. */
    public int connections() {
        return connections.size();
    }

    /**
     * Stops accepting, ends all sessions, writes what waits within the drain time, closes the sockets and ends the
     * threads. Returns when that is done; does nothing the second time.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        closing = true;
        server.close().awaitUninterruptibly();
        connections.forEach(ClientConnection::shutDown);
        awaitEnd(settings.drainMillis());
        connections.forEach(ClientConnection::dropLater);
        threads.close();
        LOG.log(Level.INFO, "RA0102 No longer listening on {0}:{1}", settings.host(), Integer.toString(port));
    }

    void opened(ClientConnection connection) {
        connections.add(connection);
        counters.opened();
        if (closing) { // accepted while close() was already going through the connections
            connection.shutDown();
        }
    }

    void ended(ClientConnection connection) {
        if (!connections.remove(connection)) {
            return;
        }
        counters.closed();
        if (closing && connections.isEmpty()) {
            synchronized (allEnded) {
                allEnded.notifyAll();
            }
        }
    }

    private void bind() throws ListenException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(threads.group())
                .channel(threads.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, readSizes())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new Acceptor());
        ChannelFuture bound = bootstrap.bind(new InetSocketAddress(settings.host(), settings.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            threads.close();
            throw new ListenException(settings.host(), settings.port(), bound.cause());
        }
        server = bound.channel();
        port = ((InetSocketAddress) server.localAddress()).getPort();
        LOG.log(Level.INFO, "RA0101 Listening for clients on {0}:{1} ({2}, {3} threads)", settings.host(),
                Integer.toString(port), threads.kind(), settings.loops());
    }

    /** Small while a client is idle, up to the limit under load; one read a turn, so that clients take turns. */
    private AdaptiveRecvByteBufAllocator readSizes() {
        AdaptiveRecvByteBufAllocator sizes = new AdaptiveRecvByteBufAllocator(512, IDLE_READ_BYTES,
                settings.maxReadBytes());
        sizes.maxMessagesPerRead(1);
        return sizes;
    }

    private void awaitEnd(long millis) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        boolean interrupted = false;
        synchronized (allEnded) {
            long left = millis;
            while (!connections.isEmpty() && left > 0) {
                try {
                    allEnded.wait(left);
                } catch (InterruptedException e) { // the container interrupts its threads when it stops
                    interrupted = true;
                }
                left = (deadline - System.nanoTime()) / 1_000_000;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sets up what was just accepted. TLS, once there is any, puts its handler before all others here. */
    private final class Acceptor extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel channel) {
            if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) { // gone before we could look
                channel.close();
            } else if (connections.size() >= settings.maxConnections()) { // several loops may overshoot by one each
                counters.refused();
                channel.pipeline().addLast(new RefusingHandler());
            } else {
                channel.pipeline().addLast(new ClientConnection(channel, peer, ClientListener.this, broker,
                        lastClientId.incrementAndGet(), pool, counters, settings));
            }
        }
    }
}

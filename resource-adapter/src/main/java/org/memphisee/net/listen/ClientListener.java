package org.memphisee.net.listen;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ThreadFactory;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import org.memphisee.net.ArrayPool;
import org.memphisee.net.ConnectionFigures;
import org.memphisee.net.Connections;
import org.memphisee.net.IoThreads;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.net.Serving;
import org.memphisee.net.TcpAcceptor;
import org.memphisee.net.http.HttpAcceptor;
import org.memphisee.net.http.HttpConnections;
import org.memphisee.net.http.HttpSettings;
import org.memphisee.net.websocket.WebSocketAcceptor;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.HttpService;

/**
 * Accepts clients on a TCP port, on a WebSocket port if there is to be one, and requests on an HTTP port once somebody
 * answers them; serves all until closed. Methods may be called from any thread that is not one of its own.
 */
public final class ClientListener implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ClientListener.class.getName());
    private static final int BACKLOG = 4096;
    private static final int IDLE_READ_BYTES = 2048;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final NetSettings settings;
    private final Connections connections;
    private final Serving serving;
    private final IoThreads threads;
    private final List<Channel> servers = new ArrayList<>();

    private volatile int port;
    private volatile int webSocketPort;
    private volatile HttpPort http;
    private boolean closed;

    /** The HTTP port while it is open. */
    private record HttpPort(Channel server, HttpConnections connections) {
        int number() {
            return ((InetSocketAddress) server.localAddress()).getPort();
        }
    }

    private ClientListener(BrokerPort broker, NetSettings settings, NetCounters counters, ThreadFactory threads) {
        this.settings = Objects.requireNonNull(settings, "settings is required");
        connections = new Connections(Objects.requireNonNull(counters, "counters is required"),
                settings.maxConnections());
        serving = new Serving(Objects.requireNonNull(broker, "broker is required"), settings, counters, connections,
                new ArrayPool());
        this.threads = new IoThreads(settings.loops(), settings.nativeTransport(),
                Objects.requireNonNull(threads, "threads is required"));
    }

    /**
     * Binds the ports; clients are served when this returns.
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

    /** The bound WebSocket port; empty when there is none. */
    public OptionalInt webSocketPort() {
        return settings.webSocket().open() ? OptionalInt.of(webSocketPort) : OptionalInt.empty();
    }

    /**
     * Opens the HTTP port; requests are served when this returns.
     *
     * @param service who answers them
     * @param wanted where and within which limits
     * @throws ListenException if the port is in use; the other ports stay as they are
     * @throws IllegalStateException if it is open already or the listener is closed
     */
    public synchronized void openHttp(HttpService service, HttpSettings wanted) throws ListenException {
        Objects.requireNonNull(service, "service is required");
        if (closed || http != null) {
            throw new IllegalStateException(closed ? "The listener is closed" : "There is an HTTP port already");
        }
        HttpConnections clients = new HttpConnections(wanted.maxConnections(), threads.group(), Clock.systemUTC());
        try {
            http = new HttpPort(open(wanted.port(), new HttpAcceptor(service, wanted, settings.tls(), clients)), clients);
        } catch (ListenException e) {
            clients.close(0);
            throw e;
        }
        LOG.log(Level.INFO, "RA0105 Listening for HTTP requests on {0}:{1}", settings.host(),
                Integer.toString(http.number()));
    }

    /** Closes the HTTP port: requests at hand are answered within the drain time. Does nothing when there is none. */
    public synchronized void closeHttp() {
        stopHttp();
        endHttp();
    }

    private void stopHttp() {
        if (http != null) {
            http.server().close().awaitUninterruptibly();
            http.connections().finish();
        }
    }

    private void endHttp() {
        if (http != null) {
            http.connections().close(settings.drainMillis());
            http = null;
        }
    }

    /** The bound HTTP port; empty when there is none. */
    public OptionalInt httpPort() {
        HttpPort current = http;
        return current == null ? OptionalInt.empty() : OptionalInt.of(current.number());
    }

    /** Connections that are open now. */
    public int connections() {
        return connections.size();
    }

    /** What a monitor shows of the clients that are connected. */
    public List<ConnectionFigures> figures() {
        return connections.figures();
    }

    /** What a monitor shows of clients that left lately, as far as their byte budget allows. */
    public List<ConnectionFigures> closedFigures() {
        return connections.closedFigures();
    }

    /** Lets no client in any more, and tells those that are here that this server is about to stop. The HTTP port stays open. */
    public synchronized void leave() {
        if (!closed) {
            servers.forEach(server -> server.close().awaitUninterruptibly());
            connections.leave();
        }
    }

    /** Has so many clients go to another server: in order, with what they wait for. */
    public void dismiss(int most) {
        connections.dismiss(most);
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
        servers.forEach(server -> server.close().awaitUninterruptibly());
        stopHttp();
        connections.close(settings.drainMillis());
        endHttp();
        threads.close();
        LOG.log(Level.INFO, "RA0102 No longer listening on {0}:{1}", settings.host(), Integer.toString(port));
    }

    private void bind() throws ListenException {
        port = bind(settings.port(), new TcpAcceptor(serving));
        if (settings.webSocket().open()) {
            webSocketPort = bind(settings.webSocket().port(), new WebSocketAcceptor(serving));
        }
        LOG.log(Level.INFO, "RA0101 Listening for clients on {0}:{1}{2} ({3}, {4} threads)", settings.host(),
                Integer.toString(port), settings.webSocket().open() ? " and by WebSocket on " + webSocketPort : "",
                threads.kind(), settings.loops());
    }

    private int bind(int wanted, ChannelHandler acceptor) throws ListenException {
        try {
            Channel server = open(wanted, acceptor);
            servers.add(server);
            return ((InetSocketAddress) server.localAddress()).getPort();
        } catch (ListenException e) {
            threads.close(); // with it what is bound already
            throw e;
        }
    }

    private Channel open(int wanted, ChannelHandler acceptor) throws ListenException {
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
                .childHandler(acceptor);
        ChannelFuture bound = bootstrap.bind(new InetSocketAddress(settings.host(), wanted)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new ListenException(settings.host(), wanted, bound.cause());
        }
        return bound.channel();
    }

    /** Small while a client is idle, up to the limit under load; one read a turn, so that clients take turns. */
    private AdaptiveRecvByteBufAllocator readSizes() {
        AdaptiveRecvByteBufAllocator sizes = new AdaptiveRecvByteBufAllocator(512, IDLE_READ_BYTES,
                settings.maxReadBytes());
        sizes.maxMessagesPerRead(1);
        return sizes;
    }
}

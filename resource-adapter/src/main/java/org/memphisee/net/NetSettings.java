package org.memphisee.net;

import java.util.Objects;

import org.memphisee.wire.WireSettings;

/**
 * Everything a listener can be told. Immutable; begin with {@link #DEFAULTS}.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 for any free one
 * @param ioThreads event loops, 0 for one per core but at most 4
 * @param maxConnections connections at a time, at least 1; further ones are told so and closed
 * @param maxQueuedBytes bytes that may wait for one client; above it the client is closed as a slow consumer
 * @param writeDeadlineMillis time without any progress while bytes wait, after which the client is closed
 * @param patienceMillis how long those who send to a client wait for it while a quarter of its budget is used and it takes
 *        nothing; far below the write deadline
 * @param maxReadBytes largest single socket read, 4 096 to 1 048 576; idle connections use far less
 * @param drainMillis time to flush what waits when a connection or the listener closes
 * @param nativeTransport use epoll where there is one
 * @param wire limits of the protocol
 * @param webSocket the second door
 * @param tls encryption of both
 */
public record NetSettings(String host, int port, int ioThreads, int maxConnections, long maxQueuedBytes,
                          long writeDeadlineMillis, long patienceMillis, int maxReadBytes, long drainMillis,
                          boolean nativeTransport, WireSettings wire, WebSocketSettings webSocket, TlsSettings tls) {

    /** Loopback, port 6666, the limits of wire-protocol.md 1.1. */
    public static final NetSettings DEFAULTS = new NetSettings("127.0.0.1", 6666, 0, 65_536, 64L << 20, 10_000,
            2_000, 256 << 10, 2_000, true, WireSettings.DEFAULTS, WebSocketSettings.OFF, TlsSettings.OFF);

    private static final int MAX_DEFAULT_LOOPS = 4;

    public NetSettings {
        Objects.requireNonNull(host, "host is required");
        Objects.requireNonNull(wire, "wire is required");
        Objects.requireNonNull(webSocket, "webSocket is required");
        Objects.requireNonNull(tls, "tls is required");
        check(port >= 0 && port <= 65_535, "port must be 0 to 65535, is " + port);
        check(ioThreads >= 0 && ioThreads <= 256, "ioThreads must be 0 to 256, is " + ioThreads);
        check(maxConnections >= 1, "maxConnections must be at least 1, is " + maxConnections);
        check(maxQueuedBytes >= 1024, "maxQueuedBytes must be at least 1024, is " + maxQueuedBytes);
        check(writeDeadlineMillis >= 1, "writeDeadlineMillis must be at least 1, is " + writeDeadlineMillis);
        check(patienceMillis >= 8, "patienceMillis must be at least 8, is " + patienceMillis);
        check(maxReadBytes >= 4096 && maxReadBytes <= 1 << 20,
                "maxReadBytes must be 4096 to 1048576, is " + maxReadBytes);
        check(drainMillis >= 1, "drainMillis must be at least 1, is " + drainMillis);
    }

    /** The number of event loops these settings mean on this machine. */
    public int loops() {
        return ioThreads > 0 ? ioThreads : Math.min(Runtime.getRuntime().availableProcessors(), MAX_DEFAULT_LOOPS);
    }

    /** The same at another address. */
    public NetSettings withAddress(String newHost, int newPort) {
        return new NetSettings(newHost, newPort, ioThreads, maxConnections, maxQueuedBytes, writeDeadlineMillis,
                patienceMillis, maxReadBytes, drainMillis, nativeTransport, wire, webSocket, tls);
    }

    /** The same with other event loops. */
    public NetSettings withLoops(int newIoThreads, boolean newNativeTransport) {
        return new NetSettings(host, port, newIoThreads, maxConnections, maxQueuedBytes, writeDeadlineMillis,
                patienceMillis, maxReadBytes, drainMillis, newNativeTransport, wire, webSocket, tls);
    }

    /** The same with other budgets. */
    public NetSettings withBudgets(int newMaxConnections, long newMaxQueuedBytes, long newWriteDeadlineMillis) {
        return new NetSettings(host, port, ioThreads, newMaxConnections, newMaxQueuedBytes, newWriteDeadlineMillis,
                patienceMillis, maxReadBytes, drainMillis, nativeTransport, wire, webSocket, tls);
    }

    /** The same with another patience. */
    public NetSettings withPatience(long newPatienceMillis) {
        return new NetSettings(host, port, ioThreads, maxConnections, maxQueuedBytes, writeDeadlineMillis,
                newPatienceMillis, maxReadBytes, drainMillis, nativeTransport, wire, webSocket, tls);
    }

    /** The same with other protocol limits. */
    public NetSettings withWire(WireSettings newWire) {
        return new NetSettings(host, port, ioThreads, maxConnections, maxQueuedBytes, writeDeadlineMillis,
                patienceMillis, maxReadBytes, drainMillis, nativeTransport, newWire, webSocket, tls);
    }

    /** The same with another second door. */
    public NetSettings withWebSocket(WebSocketSettings newWebSocket) {
        return new NetSettings(host, port, ioThreads, maxConnections, maxQueuedBytes, writeDeadlineMillis,
                patienceMillis, maxReadBytes, drainMillis, nativeTransport, wire, newWebSocket, tls);
    }

    /** The same with other encryption. */
    public NetSettings withTls(TlsSettings newTls) {
        return new NetSettings(host, port, ioThreads, maxConnections, maxQueuedBytes, writeDeadlineMillis,
                patienceMillis, maxReadBytes, drainMillis, nativeTransport, wire, webSocket, newTls);
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

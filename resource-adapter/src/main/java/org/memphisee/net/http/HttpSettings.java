package org.memphisee.net.http;

/**
 * An HTTP port of a listener, at the listener's address and with its loops and keys. Immutable.
 *
 * @param port port to listen on, 0 for any free one
 * @param tls whether only TLS is spoken there
 * @param maxConnections connections at a time, at least 1; further ones get status 503
 * @param maxLineBytes request line, bytes
 * @param maxHeaderBytes all headers together, bytes
 * @param idleMillis a connection without a request is closed after this
 * @param stallMillis a body or an answer that makes no progress for so long ends its connection
 */
public record HttpSettings(int port, boolean tls, int maxConnections, int maxLineBytes, int maxHeaderBytes,
                           long idleMillis, long stallMillis) {

    /** A token may stand in the query: the line has room for one. Idle connections outlive those of common proxies. */
    private static final HttpSettings DEFAULTS = new HttpSettings(0, false, 65_536, 16 << 10, 32 << 10, 75_000, 30_000);

    public HttpSettings {
        check(port >= 0 && port <= 65_535, "port must be 0 to 65535, is " + port);
        check(maxConnections >= 1, "maxConnections must be at least 1, is " + maxConnections);
        check(maxLineBytes >= 8192, "maxLineBytes must be at least 8192, is " + maxLineBytes);
        check(maxHeaderBytes >= 8192, "maxHeaderBytes must be at least 8192, is " + maxHeaderBytes);
        check(idleMillis >= 1, "idleMillis must be at least 1, is " + idleMillis);
        check(stallMillis >= 1, "stallMillis must be at least 1, is " + stallMillis);
    }

    /** In plain text on a port. */
    public static HttpSettings on(int port) {
        return new HttpSettings(port, DEFAULTS.tls, DEFAULTS.maxConnections, DEFAULTS.maxLineBytes,
                DEFAULTS.maxHeaderBytes, DEFAULTS.idleMillis, DEFAULTS.stallMillis);
    }

    /** The same with or without TLS. */
    public HttpSettings withTls(boolean newTls) {
        return new HttpSettings(port, newTls, maxConnections, maxLineBytes, maxHeaderBytes, idleMillis, stallMillis);
    }

    /** The same for so many connections. */
    public HttpSettings withMaxConnections(int newMaxConnections) {
        return new HttpSettings(port, tls, newMaxConnections, maxLineBytes, maxHeaderBytes, idleMillis, stallMillis);
    }

    /** The same with other times. */
    public HttpSettings withTimes(long newIdleMillis, long newStallMillis) {
        return new HttpSettings(port, tls, maxConnections, maxLineBytes, maxHeaderBytes, newIdleMillis, newStallMillis);
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

package org.memphisee.wire;

/**
 * Limits and times of the client protocol (wire-protocol.md 1.1 and 1.11).
 *
 * @param maxControlLine longest control line without its line end, in bytes; 64 to 65 536
 * @param authTimeoutMillis time for CONNECT when credentials are required, at least 1
 * @param firstPingMillis time from CONNECT to the server's first PING, at least 1
 * @param pingIntervalMillis time without traffic after which the server sends PING, at least 1
 * @param maxOutstandingPings unanswered PINGs after which the next one due closes the connection, at least 1
 */
public record WireSettings(int maxControlLine, long authTimeoutMillis, long firstPingMillis, long pingIntervalMillis,
                           int maxOutstandingPings) {

    /** The reference's values. */
    public static final WireSettings DEFAULTS = new WireSettings(4096, 2_000, 2_000, 120_000, 2);

    /** The same with another time for CONNECT. */
    public WireSettings withAuthTimeout(long newAuthTimeoutMillis) {
        return new WireSettings(maxControlLine, newAuthTimeoutMillis, firstPingMillis, pingIntervalMillis,
                maxOutstandingPings);
    }

    public WireSettings {
        if (maxControlLine < 64 || maxControlLine > 65_536) {
            throw new IllegalArgumentException("maxControlLine must be 64 to 65536, is " + maxControlLine);
        }
        if (authTimeoutMillis < 1 || firstPingMillis < 1 || pingIntervalMillis < 1 || maxOutstandingPings < 1) {
            throw new IllegalArgumentException("times and outstanding pings must be at least 1");
        }
    }
}

package org.memphisee.net;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import org.memphisee.port.ConnectOptions;
import org.memphisee.port.SessionDetails;
import org.memphisee.port.SessionInfo;
import org.memphisee.wire.CloseReason;
import org.memphisee.wire.WireEvents;

/**
 * Counts the traffic of one client, and with it that of all. Written by its event loop, {@link #delivered} by any thread;
 * read by any thread.
 */
final class ConnectionTraffic implements WireEvents, Delivered {

    private static final AtomicLongFieldUpdater<ConnectionTraffic> OUT_MESSAGES =
            AtomicLongFieldUpdater.newUpdater(ConnectionTraffic.class, "outMessages");
    private static final AtomicLongFieldUpdater<ConnectionTraffic> OUT_BYTES =
            AtomicLongFieldUpdater.newUpdater(ConnectionTraffic.class, "outBytes");

    private final NetCounters all;
    private final SessionInfo.Transport transport;
    private final long startMillis = System.currentTimeMillis();
    private volatile long lastActivityMillis = startMillis;
    private volatile long inMessages;
    private volatile long inBytes;
    private volatile long outMessages;
    private volatile long outBytes;
    private volatile long roundTripNanos;
    private volatile String name = "";
    private volatile String lang = "";
    private volatile String version = "";
    private volatile String stopReason = "";

    ConnectionTraffic(NetCounters all, SessionInfo.Transport transport) {
        this.transport = transport;
        this.all = all;
    }

    /** Messages and commands count, PING and PONG do not: they only show that the connection is alive. */
    private void active() {
        lastActivityMillis = System.currentTimeMillis();
    }

    /** It is closed because it reads too slowly. */
    void slow() {
        ends("Slow Consumer");
    }

    /** It is closed because of an error. */
    void failed(Throwable cause) {
        ends(cause instanceof IOException ? "Read Error" : "Internal Client");
    }

    @Override
    public void published(long messages, long bytes) {
        inMessages = inMessages + messages; // one writer
        inBytes = inBytes + bytes;
        active();
        all.published(transport, messages, bytes);
    }

    @Override
    public void delivered(long messages, long bytes) {
        OUT_MESSAGES.addAndGet(this, messages);
        OUT_BYTES.addAndGet(this, bytes);
        active();
        all.delivered(transport, messages, bytes);
    }

    @Override
    public void introduced(ConnectOptions options) {
        active();
        name = cut(options.name());
        lang = cut(options.lang());
        version = cut(options.version());
    }

    @Override
    public void heldBack() {
        all.heldBack(transport);
    }

    @Override
    public void subscriptionsChanged() {
        active();
    }

    @Override
    public void roundTrip(long nanos) {
        roundTripNanos = Math.max(1, nanos);
    }

    @Override
    public void authenticationTimedOut() {
        ends("Authentication Timeout");
        all.authenticationTimedOut();
    }

    @Override
    public void closing(String error, CloseReason reason) {
        ends(switch (reason) {
            case CLIENT_LEFT -> "Client Closed";
            case SHUTDOWN -> "Server Shutdown";
            case PROTOCOL_ERROR -> "Protocol Violation";
            case TOO_LARGE -> "Maximum Payload Exceeded";
            case STALE -> "Stale Connection";
            case NOT_ALLOWED -> error.equals("Authorization Violation") ? "Authentication Failure" : "Protocol Violation";
            case OTHER -> "Client Closed";
        });
    }

    /** The first reason is the one that counts. */
    private void ends(String reason) {
        if (stopReason.isEmpty()) {
            stopReason = reason;
        }
    }

    /**
     * All of it at this moment.
     *
     * @param stopMillis when it ended, 0 while it is open
     * @param tls its encryption
     */
    ConnectionFigures figures(SessionInfo info, long pendingBytes, SessionDetails details, long stopMillis,
                              Encryption tls) {
        String reason = stopMillis == 0 ? "" : stopReason.isEmpty() ? "Client Closed" : stopReason;
        return new ConnectionFigures(info.clientId(), info.transport(), info.remoteHost(), info.remotePort(), startMillis,
                lastActivityMillis, stopMillis, reason, roundTripNanos, pendingBytes, inMessages, inBytes, outMessages,
                outBytes, details.subscriptions(), cut(details.user()), name, lang, version,
                tls.protocol(), tls.cipher(), tls.first());
    }

    private static String cut(String text) {
        return text.length() <= ConnectionFigures.MAX_TEXT ? text : text.substring(0, ConnectionFigures.MAX_TEXT);
    }
}

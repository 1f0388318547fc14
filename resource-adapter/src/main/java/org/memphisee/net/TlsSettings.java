package org.memphisee.net;

import java.util.Objects;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;

/**
 * TLS of a listener (wire-protocol.md 1.5). Immutable; begin with {@link #OFF}.
 *
 * @param engines makes a server's engine for each connection; called on I/O threads
 * @param client the client port
 * @param first when the handshake begins on the client port
 * @param webSocket whether the WebSocket port is {@code wss} only
 * @param autoMillis with {@link First#AUTO}: how long a client that says nothing is waited for before it gets INFO
 * @param handshakeMillis time for the handshake, at least 1; the first ones after a start on a busy machine take seconds
 */
public record TlsSettings(Supplier<SSLEngine> engines, Mode client, First first, boolean webSocket,
                          long autoMillis, long handshakeMillis) {

    /** No TLS anywhere. */
    public static final TlsSettings OFF = new TlsSettings(() -> {
        throw new IllegalStateException("TLS is off");
    }, Mode.OFF, First.OFF, false, 50, 5_000);

    /** What the client port asks for. */
    public enum Mode {
        /** No TLS. */
        OFF,
        /** Who wants it may have it. */
        OPTIONAL,
        /** Nothing goes on without. */
        REQUIRED,
        /** The same, and clients show a certificate that we trust. */
        MUTUAL
    }

    /** When the handshake begins. */
    public enum First {
        /** After INFO, as NATS clients do by default. */
        OFF,
        /** Before INFO if the client begins at once; otherwise INFO is sent after a moment. */
        AUTO,
        /** Before INFO; a client that waits for INFO is closed. */
        ON
    }

    public TlsSettings {
        Objects.requireNonNull(engines, "engines is required");
        Objects.requireNonNull(client, "client is required");
        Objects.requireNonNull(first, "first is required");
        if (handshakeMillis < 1) {
            throw new IllegalArgumentException("handshakeMillis must be at least 1, is " + handshakeMillis);
        }
    }
}

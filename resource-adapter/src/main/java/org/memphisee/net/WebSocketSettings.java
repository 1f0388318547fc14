package org.memphisee.net;

import java.util.List;
import java.util.Objects;

/**
 * The WebSocket door of a listener (wire-protocol.md 7). Immutable; begin with {@link #OFF}.
 *
 * @param open whether there is one
 * @param port port to listen on, at the listener's address; 0 for any free one
 * @param compression offer {@code permessage-deflate}
 * @param origins web origins that may connect, e.g. {@code https://app.example}; {@link #SAME_ORIGIN} for pages of the
 *        address that is asked; empty for all. Clients that send no origin are no browsers and not asked
 * @param handshakeMillis time for the HTTP request, at least 1
 */
public record WebSocketSettings(boolean open, int port, boolean compression, List<String> origins,
                                long handshakeMillis) {

    /** Among the origins: the page comes from the host and port that it connects to. */
    public static final String SAME_ORIGIN = "same-origin";

    /** No WebSocket. */
    public static final WebSocketSettings OFF = new WebSocketSettings(false, 7770, false, List.of(), 2_000);

    public WebSocketSettings {
        Objects.requireNonNull(origins, "origins is required");
        origins = List.copyOf(origins);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, is " + port);
        }
        if (handshakeMillis < 1) {
            throw new IllegalArgumentException("handshakeMillis must be at least 1, is " + handshakeMillis);
        }
    }

    /** Open on a port, for all origins, without compression. */
    public static WebSocketSettings on(int port) {
        return new WebSocketSettings(true, port, OFF.compression, OFF.origins, OFF.handshakeMillis);
    }

    /** The same with or without compression. */
    public WebSocketSettings withCompression(boolean newCompression) {
        return new WebSocketSettings(open, port, newCompression, origins, handshakeMillis);
    }

    /** The same for these origins only. */
    public WebSocketSettings withOrigins(List<String> newOrigins) {
        return new WebSocketSettings(open, port, compression, newOrigins, handshakeMillis);
    }

    /** The same with another time for the request. */
    public WebSocketSettings withHandshakeMillis(long newHandshakeMillis) {
        return new WebSocketSettings(open, port, compression, origins, newHandshakeMillis);
    }
}

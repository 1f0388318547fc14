package org.memphisee.wire;

import java.util.Objects;

/**
 * Where the server listens, as INFO shows it.
 *
 * @param host configured host
 * @param port bound port
 * @param tls what is said about TLS
 */
public record ListenAddress(String host, int port, Tls tls) {

    /** What INFO says about TLS on the same socket. */
    public enum Tls {
        /** Nothing: there is none, or it is beneath us already. */
        NONE,
        /** The client may begin a handshake. */
        AVAILABLE,
        /** The client has to. */
        REQUIRED,
        /** The client has to, and to show a certificate. */
        VERIFIED
    }

    public ListenAddress {
        Objects.requireNonNull(host, "host is required");
        Objects.requireNonNull(tls, "tls is required");
    }
}

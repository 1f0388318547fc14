package org.memphisee.wire;

import java.util.Objects;

/**
 * Where the server listens, as INFO shows it.
 *
 * @param host configured host
 * @param port bound port
 */
public record ListenAddress(String host, int port) {
    public ListenAddress {
        Objects.requireNonNull(host, "host is required");
    }
}

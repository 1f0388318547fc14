package org.memphisee.client;

import java.util.Objects;

/**
 * Where a broker is.
 *
 * @param host name or address
 * @param port TCP port, 1 to 65535
 * @param tls whether an unencrypted conversation is refused; a broker that requires encryption gets it anyway
 */
public record BrokerAddress(String host, int port, boolean tls) {
    public BrokerAddress {
        Objects.requireNonNull(host, "host is required");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be 1 to 65535, is " + port);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

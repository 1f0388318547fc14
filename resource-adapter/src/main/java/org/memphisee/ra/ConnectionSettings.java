package org.memphisee.ra;

import java.util.Objects;

import org.memphisee.client.BrokerAddress;
import org.memphisee.client.Credentials;

/**
 * Where the broker is and who connects, as given to the adapter, a connection factory or an activation; what is empty there
 * comes from the adapter.
 *
 * @param host name or address, empty for none given
 * @param port TCP port, 0 for none given
 * @param tls whether unencrypted conversations are refused; null for none given
 * @param user the user, empty for none given
 * @param password the password, empty for none given
 * @param token the broker's connection token, empty for none given
 */
public record ConnectionSettings(String host, int port, Boolean tls, String user, String password, String token) {
    public ConnectionSettings {
        host = Objects.requireNonNullElse(host, "").trim();
        user = Objects.requireNonNullElse(user, "");
        password = Objects.requireNonNullElse(password, "");
        token = Objects.requireNonNullElse(token, "");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 1 to 65535, is " + port);
        }
    }

    /** These, completed by the adapter's. Password and token follow the user. */
    ConnectionSettings over(ConnectionSettings defaults) {
        boolean own = !user.isEmpty();
        return new ConnectionSettings(host.isEmpty() ? defaults.host : host, port == 0 ? defaults.port : port,
            tls == null ? defaults.tls : tls, own ? user : defaults.user, own ? password : defaults.password,
            own ? token : defaults.token);
    }

    public BrokerAddress address() {
        return new BrokerAddress(host, port, Boolean.TRUE.equals(tls));
    }

    public Credentials credentials() {
        return new Credentials(user, password, token);
    }

    @Override
    public String toString() { // never print secrets
        return "ConnectionSettings[" + host + ":" + port + ", user=" + user + "]";
    }
}

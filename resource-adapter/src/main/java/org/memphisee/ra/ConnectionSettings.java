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

    /** What holds where nobody says anything else: the broker as it comes out of the box, on this machine. */
    public static final ConnectionSettings DEFAULTS = new ConnectionSettings("127.0.0.1", 6666, false, "root", "", "");

    public ConnectionSettings {
        host = Objects.requireNonNullElse(host, "").trim();
        user = Objects.requireNonNullElse(user, "");
        password = Objects.requireNonNullElse(password, "");
        token = Objects.requireNonNullElse(token, "");
    }

    /**
     * These, completed by others. Password and token belong to a user: whoever names one gets none of the others' secrets, and
     * whoever names none may still give a secret for theirs.
     */
    ConnectionSettings over(ConnectionSettings defaults) {
        boolean own = !user.isEmpty();
        return new ConnectionSettings(or(host, defaults.host), port == 0 ? defaults.port : port,
            tls == null ? defaults.tls : tls, or(user, defaults.user), own ? password : or(password, defaults.password),
            own ? token : or(token, defaults.token));
    }

    private static String or(String own, String other) {
        return own.isEmpty() ? other : own;
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

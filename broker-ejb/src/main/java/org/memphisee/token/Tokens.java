package org.memphisee.token;

import java.util.function.LongSupplier;

import org.memphisee.core.access.Authenticator;
import org.memphisee.core.access.Users;

/** The tokens of both HTTP doors. Thread-safe. */
public final class Tokens {

    private final GatewayTokens gateway;
    private final ManagementTokens management;

    /**
     * Tokens for the users of one broker.
     *
     * @param tenant name of the account, as tokens say it
     * @param seconds now, in seconds since the epoch
     */
    public Tokens(SigningSecrets secrets, TokenOptions options, Users users, Authenticator authenticator, String tenant,
                  LongSupplier seconds) {
        gateway = new GatewayTokens(secrets, options, users, authenticator, seconds);
        management = new ManagementTokens(secrets, options, users, tenant, seconds);
    }

    /** Of the REST gateway. */
    public GatewayTokens gateway() {
        return gateway;
    }

    /** Of the management API. */
    public ManagementTokens management() {
        return management;
    }
}

package org.memphisee.ra.outbound;

import jakarta.resource.spi.ConnectionRequestInfo;

/** Credentials that an application gave to {@code getConnection}; compared to find a pooled connection. */
record LoginRequest(String user, String password) implements ConnectionRequestInfo {

    @Override
    public String toString() { // never print secrets
        return "LoginRequest[user=" + user + "]";
    }
}

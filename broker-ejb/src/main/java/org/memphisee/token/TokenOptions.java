package org.memphisee.token;

import java.util.Objects;

/**
 * What the doors' tokens depend on.
 *
 * @param gateway lifetimes of the REST gateway's tokens
 * @param management lifetimes of the management API's tokens
 * @param anonymousAllowed whether old gateway tokens without a user name may produce as root
 * @param sharedSecret the connection token where clients share one, else empty
 */
public record TokenOptions(Lifetimes gateway, Lifetimes management, boolean anonymousAllowed, String sharedSecret) {
    public TokenOptions {
        Objects.requireNonNull(sharedSecret, "shared secret is required");
    }

    @Override
    public String toString() { // never print secrets
        return "TokenOptions[gateway=" + gateway + ", management=" + management + "]";
    }
}

package org.memphisee.client;

import java.util.Objects;

/**
 * Who connects.
 *
 * @param user the user, never empty
 * @param password the user's password, empty when there is a token
 * @param token the broker's connection token, empty for password authentication
 */
public record Credentials(String user, String password, String token) {
    public Credentials {
        Objects.requireNonNull(user, "user is required");
        Objects.requireNonNull(password, "password is required");
        Objects.requireNonNull(token, "token is required");
    }

    @Override
    public String toString() { // never print secrets
        return "Credentials[user=" + user + "]";
    }
}

package org.memphisee.client;

import java.util.Objects;
import java.util.Optional;

/**
 * Who connects.
 *
 * @param user the user, never empty but with a proof
 * @param password the user's password, empty when there is a token or a proof
 * @param token the broker's connection token, empty for password authentication
 * @param proof a key instead of all of these; only other servers than ours ask for one
 */
public record Credentials(String user, String password, String token, Optional<KeyProof> proof) {
    public Credentials {
        Objects.requireNonNull(user, "user is required");
        Objects.requireNonNull(password, "password is required");
        Objects.requireNonNull(token, "token is required");
        Objects.requireNonNull(proof, "proof is required");
    }

    public Credentials(String user, String password, String token) {
        this(user, password, token, Optional.empty());
    }

    /** Whoever has the key. */
    public static Credentials of(KeyProof proof) {
        return new Credentials("", "", "", Optional.of(proof));
    }

    @Override
    public String toString() { // never print secrets
        return "Credentials[user=" + user + "]";
    }
}

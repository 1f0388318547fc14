package org.memphisee.config;

import java.util.Locale;
import java.util.Set;

/** What a configured signing secret must not be (D21). */
final class SigningSecretRule {

    /** Shorter ones can be found by trying. */
    static final int MIN_LENGTH = 8;
    /** Less than this can be found by trying hard; as many bytes as the signature's hash has. */
    private static final int GOOD_LENGTH = 32;

    /** What examples, compose files and built-in defaults say. */
    private static final Set<String> WELL_KNOWN = Set.of("jwt_secret", "refresh_jwt_secret", "jwt_secret_rest_gw",
        "refresh_jwt_secret_rest_gw", "jwt-secret", "jwtsecret", "your_jwt_secret", "your-jwt-secret",
        "your-256-bit-secret", "memphis", "memphis1", "memphisee", "password", "password1", "secret", "secretsecret",
        "changeme", "change-me", "change_me", "changeit", "12345678", "1234567890", "test", "testtest", "default");

    private SigningSecretRule() { }

    /** Whether everybody who tries would try it, or it is one character over and over. */
    static boolean wellKnown(String secret) {
        return WELL_KNOWN.contains(secret.strip().toLowerCase(Locale.ROOT)) || secret.chars().distinct().count() == 1;
    }

    /** Whether it is allowed but short. */
    static boolean weak(String secret) {
        return secret.length() < GOOD_LENGTH;
    }
}

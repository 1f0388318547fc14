package org.memphisee.core.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Objects;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names a user's present credential without telling anything about it: whoever presents an older fingerprint got it
 * before the password changed, or from another user of that name (rest-gateway.md 2.3). Hashing the same password again
 * changes nothing. Thread-safe.
 */
public final class CredentialFingerprint {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MIN_KEY = 16;

    private final SecretKeySpec key;
    private final String sharedSecret;

    /**
     * Fingerprints under one key.
     *
     * @param key secret and the same for as long as fingerprints are to be recognised, at least 16 bytes
     * @param sharedSecret the installation's connection token where users have none of their own, else empty
     */
    public CredentialFingerprint(byte[] key, String sharedSecret) {
        if (key.length < MIN_KEY) {
            throw new IllegalArgumentException("the key needs at least " + MIN_KEY + " bytes");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.sharedSecret = Objects.requireNonNull(sharedSecret, "shared secret is required");
    }

    /** The fingerprint: 22 characters that are safe in a URL. */
    public String of(User user) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((user.id() + "\n" + PasswordHash.credential(user.passwordHash()) + "\n").getBytes(StandardCharsets.UTF_8));
            byte[] full = mac.doFinal(sharedSecret.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOf(full, 16));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}

package org.memphisee.cli.commands;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Makes passwords in the form in which the broker keeps them, and takes them from its file of users:
 * {@code pbkdf2-sha256$1$<iterations>$<salt>$<hash>}, the last two in base64 without padding. Each gets a salt of its own.
 */
final class PasswordHashes {

    /** Fewer the broker refuses. */
    static final int FEWEST = 100_000;
    /** More the broker refuses. */
    static final int MOST = 5_000_000;

    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;

    private PasswordHashes() { }

    /** Whether a password keeps the rule of the broker, which cannot see it in a hash. */
    static boolean allowed(String password) {
        return password.matches("(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[!?@#$%-])[A-Za-z0-9!?@#$%-]{8,20}");
    }

    /** Hashes a password; takes about half a second with 600,000 iterations. */
    static String of(String password, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
        try {
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
            return String.join("$", "pbkdf2-sha256", "1", Integer.toString(iterations), base64.encodeToString(salt),
                base64.encodeToString(hash));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}

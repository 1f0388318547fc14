package org.memphisee.core.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Passwords at rest: {@code pbkdf2-sha256$<format>$<iterations>$<salt>$<hash>}, the last two in base64. Costs CPU time
 * on purpose; never on an I/O thread or the control loop. Each password gets a salt of its own, which it keeps when it is
 * hashed again with more iterations: the salt tells one password of a user from another. Thread-safe.
 */
final class PasswordHash {

    private static final String SCHEME = "pbkdf2-sha256";
    private static final String FORMAT = "1";
    private static final int SALT_BYTES = 16;
    /** Less is found by trying. */
    static final int FEWEST_ITERATIONS = 100_000;
    /** More takes seconds for each who tries to come in. */
    static final int MOST_ITERATIONS = 5_000_000;
    private static final int MOST_SALT_BYTES = 64;
    private static final int HASH_BITS = 256;
    private static final int PARTS = 5;
    private static final int ITERATIONS = 2;
    private static final int SALT = 3;
    private static final int HASH = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private PasswordHash() { }

    /** A password that nobody knows. */
    static String unknown() {
        byte[] random = new byte[HASH_BITS / Byte.SIZE];
        RANDOM.nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    /** Encodes a password with a new salt. */
    static String encode(String password, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return encode(password, salt, iterations);
    }

    private static String encode(String password, byte[] salt, int iterations) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return String.join("$", SCHEME, FORMAT, String.valueOf(iterations), base64.encodeToString(salt),
            base64.encodeToString(derive(password, salt, iterations)));
    }

    /** Whether the password is the encoded one; false for anything that is not of this format. */
    static boolean matches(String password, String encoded) {
        String[] parts = parts(encoded);
        try {
            return parts.length == PARTS && MessageDigest.isEqual(Base64.getDecoder().decode(parts[HASH]),
                derive(password, Base64.getDecoder().decode(parts[SALT]), Integer.parseInt(parts[ITERATIONS])));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether this can be checked at a cost that is bounded: hashes also come from outside. */
    static boolean wellFormed(String encoded) {
        String[] parts = parts(encoded);
        if (parts.length != PARTS || !parts[ITERATIONS].matches("[1-9]\\d{0,6}")
            || Integer.parseInt(parts[ITERATIONS]) > MOST_ITERATIONS) {
            return false;
        }
        try {
            int salt = Base64.getDecoder().decode(parts[SALT]).length;
            return salt >= SALT_BYTES && salt <= MOST_SALT_BYTES
                && Base64.getDecoder().decode(parts[HASH]).length == HASH_BITS / Byte.SIZE;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether a password was hashed with fewer iterations than these. */
    static boolean weaker(String encoded, int iterations) {
        String[] parts = parts(encoded);
        return parts.length == PARTS && parts[ITERATIONS].matches("\\d{1,9}")
            && Integer.parseInt(parts[ITERATIONS]) < iterations;
    }

    /** The same password hashed with more iterations, for an encoded one that {@link #matches} it. */
    static String strengthened(String password, String encoded, int iterations) {
        return encode(password, Base64.getDecoder().decode(parts(encoded)[SALT]), iterations);
    }

    /** Names a password without telling anything about it: the same however often it is hashed again, another for each new one. */
    static String credential(String encoded) {
        String[] parts = parts(encoded);
        return parts.length == PARTS ? parts[SALT] : encoded;
    }

    /** The parts of our format; none for anything else. */
    private static String[] parts(String encoded) {
        String[] parts = encoded.split("\\$", -1);
        return parts.length == PARTS && parts[0].equals(SCHEME) && parts[1].equals(FORMAT) ? parts : new String[0];
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}

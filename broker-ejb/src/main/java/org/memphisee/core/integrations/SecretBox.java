package org.memphisee.core.integrations;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets that have to be stored and used again: AES with 256 bits in GCM, a random nonce for each. The label is sealed
 * with it, so that a sealed text is of no use in another place. Thread-safe.
 */
public final class SecretBox {

    private static final String VERSION = "1:";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;
    /** Opened with, when nothing else fits; nothing is sealed with them. */
    private final List<SecretKeySpec> former;
    private final SecureRandom random = new SecureRandom();

    /** A box with a key of at least 32 bytes. */
    public SecretBox(byte[] key) {
        this(key, List.of());
    }

    /** A box that opens also what was sealed with other keys before. */
    public SecretBox(byte[] key, List<byte[]> former) {
        this.key = spec(key);
        this.former = former.stream().map(SecretBox::spec).toList();
    }

    private static SecretKeySpec spec(byte[] key) {
        if (key.length < KEY_BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes");
        }
        return new SecretKeySpec(Arrays.copyOf(key, KEY_BYTES), "AES");
    }

    /** Seals a secret for one place. */
    public String seal(String label, String secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(key, Cipher.ENCRYPT_MODE, nonce, label).doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
            return VERSION + Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES in GCM", e);
        }
    }

    /** Opens what was sealed for the same place; empty when it is damaged, or was sealed with another key. */
    public Optional<String> open(String label, String sealed) {
        if (!sealed.startsWith(VERSION)) {
            return Optional.empty();
        }
        return Stream.concat(Stream.of(key), former.stream()).flatMap(each -> open(each, label, sealed).stream()).findFirst();
    }

    private static Optional<String> open(SecretKeySpec key, String label, String sealed) {
        try {
            byte[] all = Base64.getDecoder().decode(sealed.substring(VERSION.length()));
            if (all.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
                return Optional.empty();
            }
            byte[] secret = cipher(key, Cipher.DECRYPT_MODE, Arrays.copyOf(all, NONCE_BYTES), label).doFinal(all, NONCE_BYTES,
                all.length - NONCE_BYTES);
            return Optional.of(new String(secret, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(SecretKeySpec key, int mode, byte[] nonce, String label) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(label.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}

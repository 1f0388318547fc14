package org.memphisee.store.crypt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts and decrypts stored values with AES-256-GCM. A value is the number of its data key, a number that no other value of
 * that key has, both in the clear, the content encrypted, and a tag of 16 bytes. The key under which it is stored is authenticated
 * with it. One thread encrypts; any decrypts.
 */
public final class ValueCipher {

    /** What a value has more than its content, bytes. */
    public static final int OVERHEAD = Integer.BYTES + Long.BYTES + 16;

    static final String ALGORITHM = "AES/GCM/NoPadding";
    static final int TAG_BITS = 128;

    private static final int NONCE_BYTES = 12;

    private final DataKeys keys;
    private final Cipher encrypting;
    /** One a thread: to get one takes several times as long as to decrypt a small value with it. */
    private final ThreadLocal<Cipher> decrypting = ThreadLocal.withInitial(ValueCipher::cipher);
    private final int number;
    /** Null when there is none: then nothing is written. */
    private final SecretKey key;
    private long values;

    /** Encrypts with the newest of the keys. */
    public ValueCipher(DataKeys keys) {
        this.keys = keys;
        encrypting = cipher();
        number = keys.newest();
        key = keys.key(number);
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance(ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java runtime", e);
        }
    }

    /**
     * Encrypts. One thread.
     *
     * @param name the key under which the value is stored
     * @param target gets {@link #OVERHEAD} bytes more than the content, from {@code at}; another array than the content's
     */
    public void seal(byte[] name, byte[] content, int offset, int length, byte[] target, int at) {
        long value = values++;
        ByteBuffer.wrap(target, at, Integer.BYTES + Long.BYTES).putInt(number).putLong(value);
        try {
            encrypting.init(Cipher.ENCRYPT_MODE, key, nonce(value));
            encrypting.updateAAD(name);
            encrypting.doFinal(content, offset, length, target, at + Integer.BYTES + Long.BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a value could not be encrypted", e);
        }
    }

    /**
     * Decrypts, and finds out whether anything was changed. Any thread.
     *
     * @param name the key under which it is stored
     * @param value what {@link #seal} made, from {@code at} to its end
     */
    public byte[] open(byte[] name, byte[] value, int at) throws IOException {
        if (value.length - at < OVERHEAD) {
            throw new IOException("is only " + value.length + " bytes long");
        }
        ByteBuffer head = ByteBuffer.wrap(value, at, value.length - at);
        int written = head.getInt();
        SecretKey dataKey = keys.key(written);
        if (dataKey == null) {
            throw new IOException("is encrypted with data key " + written + ", which is not stored");
        }
        Cipher cipher = decrypting.get();
        try {
            cipher.init(Cipher.DECRYPT_MODE, dataKey, nonce(head.getLong()));
            cipher.updateAAD(name);
            return cipher.doFinal(value, head.position(), head.remaining());
        } catch (AEADBadTagException e) {
            throw new IOException("is not what was encrypted", e);
        } catch (GeneralSecurityException e) {
            throw new IOException("could not be decrypted: " + e.getMessage(), e);
        }
    }

    private static GCMParameterSpec nonce(long value) {
        return new GCMParameterSpec(TAG_BITS, ByteBuffer.allocate(NONCE_BYTES).putLong(Integer.BYTES, value).array());
    }
}

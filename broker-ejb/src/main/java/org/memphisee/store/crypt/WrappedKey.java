package org.memphisee.store.crypt;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A data key as it is stored: encrypted with a storage key, whose name it says. One byte format version, one byte length of the
 * name, the name, a random nonce, then AES-GCM's output; the number of the data key is authenticated with it.
 *
 * @param by name of the storage key
 * @param nonce 12 bytes
 * @param sealed the data key, encrypted, with its tag
 */
record WrappedKey(String by, byte[] nonce, byte[] sealed) {

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    static WrappedKey wrap(StorageKeys keys, int number, byte[] dataKey) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            return new WrappedKey(keys.current(), nonce,
                cipher(Cipher.ENCRYPT_MODE, keys.key(keys.current()), nonce, number).doFinal(dataKey));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java runtime", e);
        }
    }

    /** The data key; an exception says which storage key is missing or is another one. */
    byte[] unwrap(StorageKeys keys, int number) throws IOException {
        byte[] key = keys.key(by);
        if (key == null) {
            throw new IOException("needs the storage key " + by + ", which is not in the file of storage keys; add its line again");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, number).doFinal(sealed);
        } catch (AEADBadTagException e) {
            throw new IOException("was not wrapped by the storage key that is called " + by
                + " in the file of storage keys; put the one there with which it was written", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java runtime", e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, int number) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ValueCipher.ALGORITHM);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(ValueCipher.TAG_BITS, nonce));
        cipher.updateAAD(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
        return cipher;
    }

    byte[] encode() {
        byte[] name = by.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 + name.length + nonce.length + sealed.length).put(VERSION).put((byte) name.length)
            .put(name).put(nonce).put(sealed).array();
    }

    static WrappedKey decode(byte[] bytes) throws IOException {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte version = in.get();
            if (version != VERSION) {
                throw new IOException("has format version " + version + ", known is " + VERSION);
            }
            byte[] name = new byte[in.get() & 0xFF];
            byte[] nonce = new byte[NONCE_BYTES];
            in.get(name).get(nonce);
            byte[] sealed = new byte[StorageKeys.KEY_BYTES + ValueCipher.TAG_BITS / Byte.SIZE];
            if (in.remaining() > sealed.length) {
                throw new IOException("is too long");
            }
            in.get(sealed);
            return new WrappedKey(new String(name, StandardCharsets.US_ASCII), nonce, sealed);
        } catch (BufferUnderflowException e) {
            throw new IOException("is too short", e);
        }
    }
}

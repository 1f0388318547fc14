package org.memphisee.store.crypt;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that stored values are encrypted with. Each opening of a store for writing makes one of its own, so that no nonce is
 * ever used twice with one key, whatever copy of a directory is started again. Immutable.
 */
public final class DataKeys {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final StorageKeys storageKeys;
    private final SortedMap<Integer, SecretKey> keys;
    private final Map<Integer, byte[]> wrappedAgain;
    private final Map<Integer, byte[]> made;

    private DataKeys(StorageKeys storageKeys, SortedMap<Integer, SecretKey> keys, Map<Integer, byte[]> wrappedAgain,
                     Map<Integer, byte[]> made) {
        this.storageKeys = storageKeys;
        this.keys = keys;
        this.wrappedAgain = wrappedAgain;
        this.made = made;
    }

    /**
     * Unwraps those that are stored.
     *
     * @param storageKeys what they are wrapped by
     * @param stored wrapped data keys, by number
     * @throws StorageKeysException when one cannot be unwrapped; the text says what to do
     */
    public static DataKeys of(StorageKeys storageKeys, Map<Integer, byte[]> stored) throws StorageKeysException {
        SortedMap<Integer, SecretKey> keys = new TreeMap<>();
        SortedMap<Integer, byte[]> again = new TreeMap<>();
        for (Map.Entry<Integer, byte[]> entry : stored.entrySet()) {
            int number = entry.getKey();
            try {
                WrappedKey wrapped = WrappedKey.decode(entry.getValue());
                byte[] key = wrapped.unwrap(storageKeys, number);
                keys.put(number, new SecretKeySpec(key, "AES"));
                if (!wrapped.by().equals(storageKeys.current())) {
                    again.put(number, WrappedKey.wrap(storageKeys, number, key).encode());
                }
            } catch (IOException e) {
                throw new StorageKeysException("data key " + number + " " + e.getMessage(), e);
            }
        }
        return new DataKeys(storageKeys, keys, again, Map.of());
    }

    /** With one more, which is the one to write with from now on. */
    public DataKeys withNew() {
        int number = newest() + 1;
        byte[] key = new byte[StorageKeys.KEY_BYTES];
        RANDOM.nextBytes(key);
        SortedMap<Integer, SecretKey> all = new TreeMap<>(keys);
        all.put(number, new SecretKeySpec(key, "AES"));
        return new DataKeys(storageKeys, all, wrappedAgain, Map.of(number, WrappedKey.wrap(storageKeys, number, key).encode()));
    }

    /** Those that another storage key than the one in use had wrapped, wrapped by that one: to be stored in place of them. */
    public Map<Integer, byte[]> wrappedAgain() {
        return wrappedAgain;
    }

    /** The new one, wrapped: to be stored no later than the first value that it encrypts. */
    public Map<Integer, byte[]> made() {
        return made;
    }

    /** The name of the storage key in use. */
    public String storageKey() {
        return storageKeys.current();
    }

    /** The number of the newest; 0 when there is none. */
    int newest() {
        return keys.isEmpty() ? 0 : keys.lastKey();
    }

    /** The key with that number; null when there is none. */
    SecretKey key(int number) {
        return keys.get(number);
    }
}

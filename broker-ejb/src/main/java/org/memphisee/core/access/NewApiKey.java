package org.memphisee.core.access;

/**
 * A key that was just made, with the only copy of what its user has to keep.
 *
 * @param key the key
 * @param secret the text for the header {@code Authorization: Bearer}
 */
public record NewApiKey(ApiKey key, String secret) {
    @Override
    public String toString() { // never print the secret
        return "NewApiKey[" + key + "]";
    }
}

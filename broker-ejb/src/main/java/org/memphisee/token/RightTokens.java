package org.memphisee.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.core.access.User;

/**
 * Remembers tokens whose signature was right, by their hash, so that a client's next request costs no signature. Only
 * what can never change is remembered: that this text was signed and what it says. Whether its time is over and its user
 * still has that credential is asked every time. Bounded: what was not used while as many others were is forgotten.
 * Thread-safe.
 */
final class RightTokens {

    /** Claim with the fingerprint of the user's credential. */
    static final String FINGERPRINT = "cfp";

    /** Keeps twice as many at most. */
    private static final int GENERATION = 1024;

    private record Key(long a, long b, long c, long d) { }

    /** A token with a right signature. */
    static final class Right {
        private final JsonNode claims;
        /** The user as it was when its credential was found to be the token's. Users never change: they are replaced. */
        private volatile User fits;

        Right(JsonNode claims) {
            this.claims = claims;
        }

        JsonNode claims() {
            return claims;
        }

        /** Whether the user has the credential that the token was made for; computed once for each state of the user. */
        boolean fits(User user, Function<User, String> fingerprint) {
            if (fits == user) {
                return true;
            }
            if (!fingerprint.apply(user).equals(claims.path(FINGERPRINT).asText(""))) {
                return false;
            }
            fits = user;
            return true;
        }
    }

    private final int generation;
    private volatile Map<Key, Right> young = new ConcurrentHashMap<>();
    private volatile Map<Key, Right> old = Map.of();

    RightTokens() {
        this(GENERATION);
    }

    RightTokens(int generation) {
        this.generation = generation;
    }

    /** The token if it is remembered, else null. */
    Right find(String token) {
        if (token.length() > JwtCodec.MAX_LENGTH) {
            return null; // no such token is right
        }
        Key key = key(token);
        Right known = young.get(key);
        if (known == null) {
            known = old.get(key);
            if (known != null) {
                put(key, known);
            }
        }
        return known;
    }

    /** Remembers a token; its signature must be right. */
    Right remember(String token, JsonNode claims) {
        Right right = new Right(claims);
        put(key(token), right);
        return right;
    }

    private void put(Key key, Right right) {
        Map<Key, Right> into = young;
        into.put(key, right);
        if (into.size() >= generation) {
            turn(into);
        }
    }

    private synchronized void turn(Map<Key, Right> full) {
        if (young == full) {
            old = full;
            young = new ConcurrentHashMap<>();
        }
    }

    int size() {
        return young.size() + old.size();
    }

    private static Key key(String token) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(
                MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
            return new Key(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

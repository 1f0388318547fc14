package org.memphisee.token;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Tokens of one kind: adds and checks what all have in common, kind and time. Thread-safe. */
final class Signer {

    static final String EXPIRES = "exp";
    private static final String KIND = "kind";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JwtCodec codec;
    private final RightTokens remembered = new RightTokens();
    private final String kind;
    private final LongSupplier seconds;

    /**
     * @param kind value of the claim that keeps a token from being taken for one of another kind, whatever its secret
     * @param seconds now, in seconds since the epoch
     */
    Signer(byte[] secret, String kind, LongSupplier seconds) {
        this.codec = new JwtCodec(secret);
        this.kind = kind;
        this.seconds = seconds;
    }

    /** When a token that is made now and lives so many minutes expires. */
    long expiry(long minutes) {
        return seconds.getAsLong() + minutes * 60;
    }

    String sign(ObjectNode claims, long expiry) {
        byte[] id = new byte[12];
        RANDOM.nextBytes(id);
        claims.put(KIND, kind).put(EXPIRES, expiry).put("iat", seconds.getAsLong())
            .put("jti", Base64.getUrlEncoder().encodeToString(id));
        return codec.sign(claims);
    }

    /** A token of this kind that is in force. */
    Optional<RightTokens.Right> open(String token) {
        return inForce(token).filter(right -> right.claims().path(KIND).asText("").equals(kind));
    }

    /** A token in force that says nothing about its kind: one that the reference made. */
    Optional<RightTokens.Right> openForeign(String token) {
        return inForce(token).filter(right -> !right.claims().has(KIND));
    }

    /** Whether a token of this kind has a right signature and lived too long. */
    boolean expired(String token) {
        return codec.verified(token).filter(claims -> claims.path(KIND).asText("").equals(kind)
            && claims.path(EXPIRES).isNumber() && claims.path(EXPIRES).asDouble() <= seconds.getAsLong()).isPresent();
    }

    private Optional<RightTokens.Right> inForce(String token) {
        RightTokens.Right right = remembered.find(token);
        if (right == null) {
            Optional<JsonNode> claims = codec.verified(token);
            if (claims.isEmpty()) {
                return Optional.empty();
            }
            right = remembered.remember(token, claims.get());
        }
        long now = seconds.getAsLong();
        JsonNode claims = right.claims();
        return claims.path(EXPIRES).isNumber() && claims.path(EXPIRES).asDouble() > now
            && claims.path("nbf").asDouble(0) <= now ? Optional.of(right) : Optional.empty();
    }
}

package org.memphisee.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * JWS in compact form under one secret (RFC 7515): signs HS256, verifies HS256, HS384 and HS512. Knows signatures and
 * nothing about what claims mean. Thread-safe.
 */
final class JwtCodec {

    /** Longer ones are refused unread; a request line does not hold more. */
    static final int MAX_LENGTH = 8 * 1024;

    private static final Map<String, String> ALGORITHMS =
        Map.of("HS256", "HmacSHA256", "HS384", "HmacSHA384", "HS512", "HmacSHA512");
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final String HEADER =
        encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(
        StreamReadConstraints.builder().maxNestingDepth(8).maxNumberLength(40).build()).build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY).build();

    private final byte[] secret;

    /**
     * A codec.
     *
     * @param secret not empty
     */
    JwtCodec(byte[] secret) {
        if (secret.length == 0) {
            throw new IllegalArgumentException("the secret is empty");
        }
        this.secret = secret.clone();
    }

    static ObjectNode claims() {
        return MAPPER.createObjectNode();
    }

    String sign(ObjectNode claims) {
        String signed = HEADER + "." + encoded(claims.toString().getBytes(StandardCharsets.UTF_8));
        return signed + "." + encoded(mac("HmacSHA256", signed));
    }

    /** The claims of a token with a right signature; empty for anything else. */
    Optional<JsonNode> verified(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (token.length() > MAX_LENGTH || first <= 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
            return Optional.empty();
        }
        try {
            JsonNode header = object(token.substring(0, first));
            String algorithm = ALGORITHMS.get(header.path("alg").asText(""));
            if (algorithm == null || header.has("crit")) { // an extension that must be understood is not understood
                return Optional.empty();
            }
            byte[] expected = mac(algorithm, token.substring(0, second));
            if (!MessageDigest.isEqual(expected, DECODER.decode(token.substring(second + 1)))) {
                return Optional.empty();
            }
            return Optional.of(object(token.substring(first + 1, second)));
        } catch (IOException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static JsonNode object(String encoded) throws IOException {
        JsonNode node = MAPPER.readTree(DECODER.decode(encoded));
        if (node == null || !node.isObject()) {
            throw new IOException("not an object");
        }
        return node;
    }

    private static String encoded(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    private byte[] mac(String algorithm, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}

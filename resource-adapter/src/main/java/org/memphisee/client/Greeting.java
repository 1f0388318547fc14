package org.memphisee.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What INFO says that matters here, and the CONNECT that answers it (wire-protocol.md 1.3, 1.4 and 2.2).
 *
 * @param maxPayload largest message the broker takes, in bytes
 * @param tlsRequired whether the conversation must be encrypted
 * @param tlsAvailable whether it may be
 * @param nonce what is to be signed by who connects with a key, empty for nothing
 */
record Greeting(int maxPayload, boolean tlsRequired, boolean tlsAvailable, String nonce) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The version of the Java client that the reference knows; brokers switch nothing by it. */
    private static final String VERSION = "2.16.9";
    private static final int DEFAULT_MAX_PAYLOAD = 1 << 20;

    /** Reads the JSON; empty if it is none. */
    static Optional<Greeting> parse(byte[] bytes, int offset, int length) {
        try {
            JsonNode info = JSON.readTree(bytes, offset, length);
            return info == null || !info.isObject() ? Optional.empty()
                : Optional.of(new Greeting(info.path("max_payload").asInt(DEFAULT_MAX_PAYLOAD),
                    info.path("tls_required").asBoolean(false), info.path("tls_available").asBoolean(false),
                    info.path("nonce").asText("")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The line of CONNECT, named as SDK connections are. */
    String answer(Credentials credentials, String connectionId, boolean encrypted) {
        ObjectNode options = JsonNodeFactory.instance.objectNode().put("verbose", false).put("pedantic", false)
            .put("tls_required", encrypted).put("echo", true).put("headers", true).put("no_responders", true)
            .put("protocol", 1).put("lang", "java").put("version", VERSION)
            .put("name", connectionId + "::" + credentials.user());
        if (credentials.proof().isPresent()) {
            KeyProof proof = credentials.proof().get();
            if (proof.token().isEmpty()) {
                options.put("nkey", proof.publicKey());
            } else {
                options.put("jwt", proof.token());
            }
            options.put("sig", Base64.getUrlEncoder().withoutPadding().encodeToString(
                proof.sign(nonce.getBytes(StandardCharsets.UTF_8))));
        } else if (credentials.token().isEmpty()) {
            options.put("user", credentials.user()).put("pass", credentials.password());
        } else {
            options.put("auth_token", credentials.token());
        }
        return "CONNECT " + options;
    }
}

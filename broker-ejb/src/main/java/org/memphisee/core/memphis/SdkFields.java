package org.memphisee.core.memphis;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.memphisee.core.stations.RequestRefusal;

/**
 * Members of a request: keys in any case, absent numbers 0, absent texts empty, unknown members ignored
 * (wire-protocol.md 3.1). Immutable.
 */
final class SdkFields {

    private static final JsonMapper MAPPER = JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final Map<String, JsonNode> members = new TreeMap<>();

    private SdkFields(JsonNode node) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!member.getValue().isNull()) {
                members.put(member.getKey().toLowerCase(Locale.ROOT), member.getValue());
            }
        }
    }

    /** A JSON object, or a {@link RequestRefusal}. */
    static SdkFields parse(byte[] payload) {
        try {
            JsonNode node = MAPPER.readTree(payload);
            if (node == null || !node.isObject()) {
                throw new RequestRefusal("request is not a JSON object");
            }
            return new SdkFields(node);
        } catch (IOException | StackOverflowError e) {
            throw new RequestRefusal("request is not valid JSON");
        }
    }

    String text(String name) {
        JsonNode value = members.get(name);
        if (value == null) {
            return "";
        }
        if (!value.isTextual()) {
            throw new RequestRefusal(name + " has to be a string");
        }
        return value.textValue();
    }

    long number(String name, long absent) {
        JsonNode value = members.get(name);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new RequestRefusal(name + " has to be a whole number");
        }
        return value.longValue();
    }

    boolean flag(String name) {
        JsonNode value = members.get(name);
        if (value != null && !value.isBoolean()) {
            throw new RequestRefusal(name + " has to be true or false");
        }
        return value != null && value.booleanValue();
    }

    /** A nested object, without members when absent. */
    SdkFields object(String name) {
        JsonNode value = members.get(name);
        if (value != null && !value.isObject()) {
            throw new RequestRefusal(name + " has to be an object");
        }
        return new SdkFields(value == null ? MAPPER.createObjectNode() : value);
    }

    /** The texts of a nested object by name as it is written; empty when absent, other values left out. */
    Map<String, String> texts(String name) {
        JsonNode value = members.get(name);
        Map<String, String> texts = new LinkedHashMap<>();
        if (value != null) {
            value.properties().stream().filter(e -> e.getValue().isTextual())
                .forEach(e -> texts.put(e.getKey(), e.getValue().textValue()));
        }
        return texts;
    }
}

package org.memphisee.core.jetstream;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Members of a request, read by the rules of jetstream-api.md 5.1: absent, null and zero are the same, unknown ones are
 * ignored, a wrong type is {@link ApiError#INVALID_JSON}. Immutable.
 */
final class ApiFields {

    private static final JsonMapper MAPPER = JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final ApiFields EMPTY = new ApiFields(MAPPER.createObjectNode());

    private final JsonNode node;

    private ApiFields(JsonNode node) {
        this.node = node;
    }

    /** A JSON object; {@code null}, which clients in Go write for an absent one, is one without members. */
    static ApiFields parse(byte[] payload) {
        try {
            JsonNode node = MAPPER.readTree(payload);
            if (node != null && node.isNull()) {
                return EMPTY;
            }
            if (node == null || !node.isObject()) {
                throw ApiError.INVALID_JSON.refusal();
            }
            return new ApiFields(node);
        } catch (IOException | StackOverflowError e) {
            throw ApiError.INVALID_JSON.refusal();
        }
    }

    /** A JSON object, or nothing at all. */
    static ApiFields parseOptional(byte[] payload) {
        return blank(payload) ? EMPTY : parse(payload);
    }

    /** Refuses a payload other than nothing or an object without members. */
    static void requireEmpty(byte[] payload) {
        boolean empty;
        try {
            empty = parseOptional(payload).empty();
        } catch (ApiRefusal malformed) {
            empty = false;
        }
        if (!empty) {
            throw ApiError.PAYLOAD_NOT_EMPTY.refusal();
        }
    }

    /** Whether there is no member at all. */
    boolean empty() {
        return node.isEmpty();
    }

    static boolean blank(byte[] payload) {
        for (byte b : payload) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Refuses members that are not known here and say something: leaving out what was asked for would go unnoticed.
     *
     * @param harmless further members, each with the only value that may be overlooked
     */
    void refuseUnknown(Set<String> known, Map<String, String> harmless) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            if (!known.contains(name) && says(name) && !member.getValue().asText("").equals(harmless.get(name))) {
                throw ApiError.unknownMember(name);
            }
        }
    }

    /** The same without exceptions. */
    ApiFields onlyKnown(Set<String> known) {
        refuseUnknown(known, Map.of());
        return this;
    }

    /** The same with a text where the member says nothing. */
    ApiFields completed(String name, String otherwise) {
        return says(name) ? this : new ApiFields(((ObjectNode) node).deepCopy().put(name, otherwise));
    }

    /** The same with another text. */
    ApiFields with(String name, String text) {
        return new ApiFields(((ObjectNode) node).deepCopy().put(name, text));
    }

    /** The same with another list of texts. */
    ApiFields with(String name, List<String> texts) {
        ObjectNode copy = ((ObjectNode) node).deepCopy();
        texts.forEach(copy.putArray(name)::add);
        return new ApiFields(copy);
    }

    /** The same with another object. */
    ApiFields with(String name, ApiFields object) {
        return new ApiFields(((ObjectNode) node).deepCopy().set(name, object.node));
    }

    /** Names of all members. */
    List<String> names() {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    boolean has(String name) {
        JsonNode value = node.path(name);
        return !value.isMissingNode() && !value.isNull();
    }

    /** Whether the member says anything: not absent, null, zero, false, "", the zero time or empty. */
    boolean says(String name) {
        JsonNode value = node.path(name);
        if (!has(name)) {
            return false;
        }
        if (value.isContainerNode()) {
            return !value.isEmpty();
        }
        if (value.isTextual()) {
            return !value.textValue().isEmpty() && !value.textValue().equals(Times.NEVER);
        }
        return value.isNumber() ? value.asDouble() != 0 : value.booleanValue();
    }

    String text(String name) {
        if (!has(name)) {
            return "";
        }
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw ApiError.INVALID_JSON.refusal();
        }
        return value.textValue();
    }

    boolean flag(String name) {
        if (!has(name)) {
            return false;
        }
        JsonNode value = node.path(name);
        if (!value.isBoolean()) {
            throw ApiError.INVALID_JSON.refusal();
        }
        return value.booleanValue();
    }

    long number(String name) {
        return has(name) ? integer(node.path(name)) : 0;
    }

    /** A number that may not be negative; above 2^63 - 1 it counts as that. */
    long unsigned(String name) {
        if (has(name) && node.path(name).isBigInteger()
            && node.path(name).bigIntegerValue().signum() > 0 && node.path(name).bigIntegerValue().bitLength() <= 64) {
            return Long.MAX_VALUE;
        }
        long value = number(name);
        if (value < 0) {
            throw ApiError.INVALID_JSON.refusal();
        }
        return value;
    }

    int smallNumber(String name) {
        long value = number(name);
        if (value != (int) value) {
            throw ApiError.INVALID_JSON.refusal();
        }
        return (int) value;
    }

    private static long integer(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        if (value.isFloatingPointNumber() && value.canConvertToExactIntegral()) {
            BigInteger whole = value.bigIntegerValue();
            if (whole.bitLength() < 64) {
                return whole.longValue();
            }
        }
        throw ApiError.INVALID_JSON.refusal();
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(name)) {
            if (!element.isTextual()) {
                throw ApiError.INVALID_JSON.refusal();
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    List<Long> numbers(String name) {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode element : array(name)) {
            numbers.add(integer(element));
        }
        return numbers;
    }

    private JsonNode array(String name) {
        JsonNode value = node.path(name);
        if (has(name) && !value.isArray()) {
            throw ApiError.INVALID_JSON.refusal();
        }
        return value;
    }

    Map<String, String> map(String name) {
        Map<String, String> map = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : object(name).node.properties()) {
            if (!member.getValue().isTextual()) {
                throw ApiError.INVALID_JSON.refusal();
            }
            map.put(member.getKey(), member.getValue().textValue());
        }
        return map;
    }

    /** A nested object, without members when absent. */
    ApiFields object(String name) {
        if (!has(name)) {
            return EMPTY;
        }
        JsonNode value = node.path(name);
        if (!value.isObject()) {
            throw ApiError.INVALID_JSON.refusal();
        }
        return new ApiFields(value);
    }
}

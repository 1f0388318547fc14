package org.memphisee.dashboard.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * The members of a JSON object as the API reads them: keys in any case, unknown ones ignored, {@code null} like absent,
 * absent texts empty, absent numbers 0. A member of a wrong type fails with status 400 (management-api.md 1.1).
 * Immutable.
 */
final class JsonBody {

    private static final int MAX_DEPTH = 32;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(
        StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build()).build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final Map<String, JsonNode> members = new TreeMap<>();
    private final List<ApiFailure.Invalid> invalid;

    private JsonBody(JsonNode node, List<ApiFailure.Invalid> invalid) {
        this.invalid = invalid;
        node.properties().forEach(member -> {
            if (!member.getValue().isNull()) {
                members.put(member.getKey().toLowerCase(Locale.ROOT), member.getValue());
            }
        });
    }

    /** Reads a body. */
    static JsonBody parse(byte[] bytes) {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw ApiFailure.notJson();
            }
            return new JsonBody(node, new ArrayList<>());
        } catch (IOException e) {
            throw ApiFailure.notJson();
        }
    }

    String text(String name) {
        JsonNode value = members.get(name);
        if (value == null) {
            return "";
        }
        if (!value.isTextual()) {
            throw ApiFailure.notJson();
        }
        return value.textValue();
    }

    /** A text that must be there; what is missing is told by {@link #check()}. */
    String requiredText(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            invalid.add(new ApiFailure.Invalid(name, "required"));
        }
        return text;
    }

    /** A required text of at most so many characters. */
    String requiredText(String name, int max) {
        String text = requiredText(name);
        if (text.length() > max) {
            invalid.add(new ApiFailure.Invalid(name, "max=" + max));
        }
        return text;
    }

    /** A rule that a member must keep; told by {@link #check()} when it does not. */
    void require(boolean kept, String name, String reason) {
        if (!kept) {
            invalid.add(new ApiFailure.Invalid(name, reason));
        }
    }

    long number(String name) {
        JsonNode value = members.get(name);
        if (value == null) {
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw ApiFailure.notJson();
        }
        return value.longValue();
    }

    /** A number other than 0. */
    long requiredNumber(String name) {
        long number = number(name);
        if (number == 0) {
            invalid.add(new ApiFailure.Invalid(name, "required"));
        }
        return number;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    boolean flag(String name) {
        JsonNode value = members.get(name);
        if (value != null && !value.isBoolean()) {
            throw ApiFailure.notJson();
        }
        return value != null && value.booleanValue();
    }

    List<String> texts(String name) {
        JsonNode value = members.get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw ApiFailure.notJson();
        }
        List<String> texts = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            if (!element.isTextual() && !element.isNull()) {
                throw ApiFailure.notJson();
            }
            texts.add(element.isNull() ? "" : element.textValue());
        }
        return texts;
    }

    /** Whole numbers. */
    List<Long> numbers(String name) {
        JsonNode value = members.get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw ApiFailure.notJson();
        }
        List<Long> numbers = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            if (!element.isIntegralNumber() || !element.canConvertToLong()) {
                throw ApiFailure.notJson();
            }
            numbers.add(element.longValue());
        }
        return numbers;
    }

    /** The texts of an object whose members the caller names. */
    Map<String, String> textsByName(String name) {
        JsonNode value = members.get(name);
        if (value == null) {
            return Map.of();
        }
        if (!value.isObject()) {
            throw ApiFailure.notJson();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        value.properties().forEach(member -> {
            if (!member.getValue().isTextual()) {
                throw ApiFailure.notJson();
            }
            texts.put(member.getKey(), member.getValue().textValue());
        });
        return texts;
    }

    /** Texts that must be given, if only as an empty list. */
    List<String> requiredTexts(String name) {
        if (!has(name)) {
            invalid.add(new ApiFailure.Invalid(name, "required"));
        }
        return texts(name);
    }

    /** Whole numbers that must be given, if only as an empty list. */
    List<Long> requiredNumbers(String name) {
        if (!has(name)) {
            invalid.add(new ApiFailure.Invalid(name, "required"));
        }
        return numbers(name);
    }

    /** A nested object, without members when absent. */
    JsonBody object(String name) {
        JsonNode value = members.get(name);
        if (value != null && !value.isObject()) {
            throw ApiFailure.notJson();
        }
        return new JsonBody(value == null ? MAPPER.createObjectNode() : value, invalid);
    }

    /** Nested objects that must be given, if only as an empty list. */
    List<JsonBody> requiredObjects(String name) {
        if (!has(name)) {
            invalid.add(new ApiFailure.Invalid(name, "required"));
        }
        return objects(name);
    }

    /** Nested objects. */
    List<JsonBody> objects(String name) {
        JsonNode value = members.get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw ApiFailure.notJson();
        }
        List<JsonBody> objects = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            if (!element.isObject()) {
                throw ApiFailure.notJson();
            }
            objects.add(new JsonBody(element, invalid));
        }
        return objects;
    }

    /** Fails when something required was missing. Called once everything was read. */
    void check() {
        if (!invalid.isEmpty()) {
            throw ApiFailure.invalid(invalid);
        }
    }
}

package org.memphisee.gateway.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * Fields of a request body (rest-gateway.md 2.5): JSON or url-encoded, names in any case, unknown ones ignored, null like
 * absent. Immutable.
 */
final class BodyFields {

    /** A body that cannot be understood, or a field of a wrong type. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed() {
            super("malformed", null, false, false);
        }
    }

    /** More than the ids of the largest acknowledgement; each token may become an object many times its size. */
    private static final int MAX_TOKENS = 20_000;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(100).maxTokenCount(MAX_TOKENS).build()).build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private static final String FORM = "application/x-www-form-urlencoded";

    private final Map<String, JsonNode> members = new TreeMap<>();
    private final boolean typed;
    private final boolean looksLikeJson;

    private BodyFields(boolean typed, boolean looksLikeJson) {
        this.typed = typed;
        this.looksLikeJson = looksLikeJson;
    }

    /** Reads a body. */
    static BodyFields read(byte[] body, String contentType) throws Malformed {
        String type = mediaType(contentType);
        if (json(type)) {
            return json(body);
        }
        if (type.equals(FORM)) {
            return form(new String(body, StandardCharsets.UTF_8));
        }
        throw new Malformed();
    }

    /** Whether bodies of this type are read. */
    static boolean readable(String contentType) {
        String type = mediaType(contentType);
        return json(type) || type.equals(FORM);
    }

    private static boolean json(String type) {
        return type.equals("application/json") || type.endsWith("+json");
    }

    /** Whether this was read as a form and seems to be JSON, as curl sends it unless told otherwise. */
    boolean looksLikeJson() {
        return looksLikeJson;
    }

    /** A content type without its parameters, lower case; empty when there is none. */
    static String mediaType(String contentType) {
        if (contentType == null) {
            return "";
        }
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static BodyFields json(byte[] body) throws Malformed {
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node == null || !node.isObject()) {
                throw new Malformed();
            }
            BodyFields fields = new BodyFields(true, false);
            node.properties().forEach(member -> {
                if (!member.getValue().isNull()) {
                    fields.members.put(member.getKey().toLowerCase(Locale.ROOT), member.getValue());
                }
            });
            return fields;
        } catch (IOException | StackOverflowError e) {
            throw new Malformed();
        }
    }

    private static BodyFields form(String pairs) {
        BodyFields fields = new BodyFields(false, pairs.stripLeading().startsWith("{"));
        for (String pair : pairs.split("&")) {
            int equals = pair.indexOf('=');
            String value = equals <= 0 ? null : RestQuery.find(pair, pair.substring(0, equals));
            if (value != null) {
                fields.members.put(pair.substring(0, equals).toLowerCase(Locale.ROOT), TextNode.valueOf(value));
            }
        }
        return fields;
    }

    /** A text, empty when absent. */
    String text(String name) throws Malformed {
        JsonNode value = members.get(name);
        if (value == null) {
            return "";
        }
        if (!value.isTextual()) {
            throw new Malformed();
        }
        return value.textValue();
    }

    /** A whole number, 0 when absent; of a number with a fraction its whole part where that is allowed. */
    long number(String name, boolean fraction) throws Malformed {
        JsonNode value = members.get(name);
        if (value == null) {
            return 0;
        }
        if (!typed) {
            try {
                return value.textValue().isEmpty() ? 0 : Long.parseLong(value.textValue().strip());
            } catch (NumberFormatException e) {
                throw new Malformed();
            }
        }
        if (!value.isNumber() || !fraction && !value.isIntegralNumber() || !Double.isFinite(value.doubleValue())
            || Math.abs(value.doubleValue()) > Long.MAX_VALUE / 2.0) {
            throw new Malformed();
        }
        return value.longValue();
    }

    /** A list of texts, empty when absent. */
    List<String> texts(String name) throws Malformed {
        JsonNode value = members.get(name);
        List<String> texts = new ArrayList<>();
        if (value == null) {
            return texts;
        }
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        if (!value.isArray()) {
            throw new Malformed();
        }
        for (JsonNode item : value) {
            if (!item.isTextual()) {
                throw new Malformed();
            }
            texts.add(item.textValue());
        }
        return texts;
    }
}

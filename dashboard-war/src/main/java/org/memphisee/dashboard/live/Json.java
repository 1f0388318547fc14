package org.memphisee.dashboard.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reading and writing of frames. */
final class Json {

    private static final int MAX_DEPTH = 8;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(
        StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build()).build()).build();

    private Json() { }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A string with quotes. */
    static String text(String value) {
        return JsonNodeFactory.instance.textNode(value).toString();
    }

    /** Adds a rate with one decimal, unless it is not known yet. */
    static void rate(ObjectNode node, String name, OptionalDouble rate) {
        rate.ifPresent(value -> node.put(name, Math.round(value * 10) / 10.0));
    }

    /** What a viewer sent; a missing node for what is no JSON object. */
    static JsonNode parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a viewer sent, in UTF-8; a missing node for what is no JSON object. */
    static JsonNode parse(byte[] text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node != null && node.isObject() ? node : MAPPER.missingNode();
        } catch (IOException malformed) {
            return MAPPER.missingNode();
        }
    }
}

package org.memphisee.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a JSON Schema of a reader forbids that the writer's allows, as far as it can be seen side by side: types, required and
 * closed members, enumerations and bounds, through properties and items. What is said by composition or reference is
 * compared as text: a difference there counts as a break, because nobody can tell.
 */
final class JsonBreaks {

    private static final Set<String> COMPARED = Set.of("type", "required", "properties", "additionalProperties", "enum", "items",
        "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties",
        "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");
    private static final Set<String> WITHOUT_MEANING = Set.of("$schema", "$id", "id", "$comment", "title", "description", "default",
        "examples", "example", "deprecated", "readOnly", "writeOnly", "format");
    private static final List<String> LOWER = List.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
    private static final List<String> UPPER = List.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");

    private final JsonNode reader;
    private final JsonNode writer;
    private final List<String> breaks = new ArrayList<>();

    JsonBreaks(JsonNode reader, JsonNode writer) {
        this.reader = reader;
        this.writer = writer;
    }

    List<String> find() {
        compare("$", reader, writer);
        return breaks;
    }

    private void compare(String path, JsonNode now, JsonNode old) {
        if (now.equals(old) || now.isBoolean() && now.booleanValue() || old.isBoolean() && !old.booleanValue()) {
            return;
        }
        if (now.isBoolean()) {
            breaks.add(path + " is not allowed");
            return;
        }
        types(path, now, old);
        required(path, now, old);
        properties(path, now, old);
        values(path, now, old);
        if (now.has("items") && now.get("items").isContainerNode() && !now.get("items").isArray()) {
            compare(path + "[]", now.get("items"), old.has("items") ? old.get("items") : anything(now));
        }
        for (String bound : LOWER) {
            bound(path, bound, now, old, 1);
        }
        for (String bound : UPPER) {
            bound(path, bound, now, old, -1);
        }
        others(path, now, old);
    }

    private static JsonNode anything(JsonNode like) {
        return ((com.fasterxml.jackson.databind.node.ContainerNode<?>) like).objectNode();
    }

    private void types(String path, JsonNode now, JsonNode old) {
        Set<String> allowed = words(now.path("type"));
        if (allowed.isEmpty()) {
            return;
        }
        if (allowed.contains("number")) {
            allowed.add("integer");
        }
        Set<String> before = words(old.path("type"));
        if (before.isEmpty()) {
            breaks.add(path + " must be of type " + String.join(" or ", allowed));
        }
        before.stream().filter(type -> !allowed.contains(type)).forEach(type -> breaks.add(path + " may not be of type " + type));
    }

    private static Set<String> words(JsonNode node) {
        Set<String> words = new TreeSet<>();
        if (node.isTextual()) {
            words.add(node.textValue());
        }
        if (node.isArray()) {
            node.forEach(word -> words.add(word.asText()));
        }
        return words;
    }

    private void required(String path, JsonNode now, JsonNode old) {
        Set<String> before = words(old.path("required"));
        words(now.path("required")).stream().filter(name -> !before.contains(name))
            .forEach(name -> breaks.add(path + "." + name + " is required"));
    }

    private void properties(String path, JsonNode now, JsonNode old) {
        JsonNode before = old.path("properties");
        for (Map.Entry<String, JsonNode> property : now.path("properties").properties()) {
            if (before.has(property.getKey())) {
                compare(path + "." + property.getKey(), property.getValue(), before.get(property.getKey()));
            } else if (open(old)) {
                compare(path + "." + property.getKey(), property.getValue(), anything(now));
            }
        }
        if (!open(now)) {
            if (open(old)) {
                breaks.add(path + " may have no members but those named");
            }
            Set<String> known = new HashSet<>();
            now.path("properties").fieldNames().forEachRemaining(known::add);
            before.fieldNames().forEachRemaining(name -> {
                if (!known.contains(name)) {
                    breaks.add(path + "." + name + " is not allowed");
                }
            });
        } else if (now.path("additionalProperties").isObject() && !now.get("additionalProperties").equals(old.path("additionalProperties"))) {
            breaks.add(path + " has another rule for members that are not named");
        }
    }

    private static boolean open(JsonNode schema) {
        JsonNode more = schema.path("additionalProperties");
        return !more.isBoolean() || more.booleanValue();
    }

    private void values(String path, JsonNode now, JsonNode old) {
        if (!now.has("enum")) {
            return;
        }
        Set<JsonNode> allowed = new HashSet<>();
        now.get("enum").forEach(allowed::add);
        if (!old.has("enum")) {
            breaks.add(path + " must be one of " + allowed.size() + " values");
        }
        old.path("enum").forEach(value -> {
            if (!allowed.contains(value)) {
                breaks.add(path + " may not be " + value);
            }
        });
    }

    private void bound(String path, String name, JsonNode now, JsonNode old, int direction) {
        if (!now.path(name).isNumber()) {
            if (now.has(name) && !now.get(name).equals(old.path(name))) {
                breaks.add(path + " has another " + name);
            }
            return;
        }
        if (!old.path(name).isNumber()
            || direction * now.get(name).decimalValue().compareTo(old.get(name).decimalValue()) > 0) {
            breaks.add(path + " has the narrower " + name + " " + now.get(name));
        }
    }

    private void others(String path, JsonNode now, JsonNode old) {
        for (Map.Entry<String, JsonNode> member : now.properties()) {
            String name = member.getKey();
            boolean items = name.equals("items") && member.getValue().isArray();
            if ((items || !COMPARED.contains(name)) && !WITHOUT_MEANING.contains(name)
                && !member.getValue().equals(old.path(name))) {
                breaks.add(path + " has another " + name);
            }
        }
    }
}

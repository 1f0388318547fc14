package org.memphisee.core.definitions;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * An object of a document, read member by member. What is wrong is noted with its path (RFC 6901), and reading goes on with a value
 * that is as good as absent. One thread.
 */
final class Members {

    private final JsonNode node;
    private final String path;
    private final Problems problems;
    private final Set<String> read = new HashSet<>();

    Members(JsonNode node, String path, Problems problems) {
        this.problems = problems;
        this.path = path;
        if (!node.isObject()) {
            problems.add(path, "an object is needed");
        }
        this.node = node.isObject() ? node : JsonNodeFactory.instance.objectNode();
    }

    String path() {
        return path;
    }

    Problems problems() {
        return problems;
    }

    private JsonNode member(String name) {
        read.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private void wrong(String name, String needed) {
        problems.add(path + "/" + name, needed + " is needed");
    }

    boolean has(String name) {
        return member(name) != null;
    }

    String text(String name) {
        JsonNode value = member(name);
        if (value != null && !value.isTextual()) {
            wrong(name, "a text");
        }
        return value == null || !value.isTextual() ? "" : value.textValue();
    }

    String requiredText(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            wrong(name, "a text that is not empty");
        }
        return text;
    }

    /** One of some words. */
    <T> T word(String name, String absent, java.util.function.Function<String, java.util.Optional<T>> meaning, String allowed) {
        String word = text(name);
        return meaning.apply(word.isEmpty() ? absent : word).orElseGet(() -> {
            wrong(name, "one of " + allowed);
            return meaning.apply(absent).orElseThrow();
        });
    }

    long number(String name, long absent) {
        JsonNode value = member(name);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            wrong(name, "a whole number");
            return absent;
        }
        return value.longValue();
    }

    boolean flag(String name, boolean absent) {
        JsonNode value = member(name);
        if (value == null) {
            return absent;
        }
        if (!value.isBoolean()) {
            wrong(name, "true or false");
        }
        return value.booleanValue();
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(name)) {
            if (element.isTextual()) {
                texts.add(element.textValue());
            } else {
                wrong(name, "a list of texts");
                return List.of();
            }
        }
        return texts;
    }

    List<Long> numbers(String name) {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode element : array(name)) {
            if (element.isIntegralNumber() && element.canConvertToLong()) {
                numbers.add(element.longValue());
            } else {
                wrong(name, "a list of whole numbers");
                return List.of();
            }
        }
        return numbers;
    }

    List<Members> objects(String name) {
        List<Members> objects = new ArrayList<>();
        for (JsonNode element : array(name)) {
            objects.add(new Members(element, path + "/" + name + "/" + objects.size(), problems));
        }
        return objects;
    }

    private JsonNode array(String name) {
        JsonNode value = member(name);
        if (value != null && !value.isArray()) {
            wrong(name, "a list");
        }
        return value == null || !value.isArray() ? JsonNodeFactory.instance.arrayNode() : value;
    }

    Members object(String name) {
        JsonNode value = member(name);
        return new Members(value == null ? JsonNodeFactory.instance.objectNode() : value, path + "/" + name, problems);
    }

    /** The object as texts and numbers by name, all of which are read. */
    TreeMap<String, String> values() {
        TreeMap<String, String> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (member.getValue().isTextual() || member.getValue().isIntegralNumber()) {
                values.put(member.getKey(), member.getValue().asText());
            } else {
                wrong(member.getKey(), "a text or a whole number");
            }
            read.add(member.getKey());
        }
        return values;
    }

    /** Refuses what nobody read: a member that is not understood must not be lost in silence. */
    void end() {
        node.fieldNames().forEachRemaining(name -> {
            if (!read.contains(name)) {
                problems.add(path + "/" + escaped(name), "there is no such member; correct its name or remove it");
            }
        });
    }

    private static String escaped(String name) {
        String shown = name.length() <= 60 ? name : name.substring(0, 60) + "...";
        return shown.replace("~", "~0").replace("/", "~1").replaceAll("\\p{Cntrl}", "?");
    }
}

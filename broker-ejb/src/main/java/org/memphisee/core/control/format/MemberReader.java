package org.memphisee.core.control.format;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The members of one stored object, read strictly: each that is asked for is there and of its kind, or the object is refused
 * with the member's name. What nobody asks for is ignored.
 */
final class MemberReader {

    private final JsonNode object;
    /** Names of the members that lead here, each with its dot. */
    private final String path;

    private MemberReader(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** Reads an object that is not a member of another. */
    static MemberReader of(JsonNode object) {
        return new MemberReader(object, "");
    }

    /** The object itself, for layouts of old. */
    JsonNode json() {
        return object;
    }

    /** Whether the member is there. */
    boolean has(String member) {
        return object.has(member);
    }

    /** A whole number of 64 bits. */
    long number(String member) throws FormatException {
        return number(present(member), member);
    }

    /** A whole number of 32 bits. */
    int smallNumber(String member) throws FormatException {
        JsonNode value = present(member);
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw wrong(member, "is not a whole number of 32 bits");
        }
        return value.intValue();
    }

    boolean flag(String member) throws FormatException {
        JsonNode value = present(member);
        if (!value.isBoolean()) {
            throw wrong(member, "is neither true nor false");
        }
        return value.booleanValue();
    }

    String text(String member) throws FormatException {
        return text(present(member), member);
    }

    <E extends Enum<E>> E choice(String member, Choice<E> choice) throws FormatException {
        String name = text(member);
        E constant = choice.constant(name);
        if (constant == null) {
            throw wrong(member, "has the unknown value \"" + name + "\"");
        }
        return constant;
    }

    List<String> texts(String member) throws FormatException {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(member)) {
            texts.add(text(element, member));
        }
        return texts;
    }

    List<Long> numbers(String member) throws FormatException {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode element : array(member)) {
            numbers.add(number(element, member));
        }
        return numbers;
    }

    /** The number in an array of one. */
    long onlyNumber(String member) throws FormatException {
        List<Long> numbers = numbers(member);
        if (numbers.size() != 1) {
            throw wrong(member, "has " + numbers.size() + " numbers instead of one");
        }
        return numbers.get(0);
    }

    /** Texts by name. */
    Map<String, String> textsByName(String member) throws FormatException {
        Map<String, String> texts = new HashMap<>();
        MemberReader map = object(member);
        for (Map.Entry<String, JsonNode> entry : map.object.properties()) {
            texts.put(entry.getKey(), map.text(entry.getValue(), entry.getKey()));
        }
        return texts;
    }

    /** An object inside this one. */
    MemberReader object(String member) throws FormatException {
        JsonNode value = present(member);
        if (!value.isObject()) {
            throw wrong(member, "is not an object");
        }
        return new MemberReader(value, path + member + ".");
    }

    /** Objects in their order. */
    List<MemberReader> objects(String member) throws FormatException {
        List<MemberReader> objects = new ArrayList<>();
        for (JsonNode element : array(member)) {
            if (!element.isObject()) {
                throw wrong(member, "has an element that is not an object");
            }
            objects.add(new MemberReader(element, path + member + "[]."));
        }
        return objects;
    }

    /** Elements of an array. */
    JsonNode array(String member) throws FormatException {
        JsonNode value = present(member);
        if (!value.isArray()) {
            throw wrong(member, "is not an array");
        }
        return value;
    }

    private JsonNode present(String member) throws FormatException {
        JsonNode value = object.get(member);
        if (value == null || value.isNull()) {
            throw wrong(member, "is missing");
        }
        return value;
    }

    private long number(JsonNode value, String member) throws FormatException {
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw wrong(member, "is not a whole number of 64 bits");
        }
        return value.longValue();
    }

    private String text(JsonNode value, String member) throws FormatException {
        if (!value.isTextual()) {
            throw wrong(member, "is not a text");
        }
        return value.textValue();
    }

    private FormatException wrong(String member, String what) {
        return FormatException.damaged("member \"" + path + member + "\" " + what, null);
    }
}

package org.memphisee.core.control.format;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes the members of one stored object, in the order of the calls. */
final class MemberWriter {

    private final ObjectNode object;

    MemberWriter(ObjectNode object) {
        this.object = object;
    }

    MemberWriter number(String member, long value) {
        object.put(member, value);
        return this;
    }

    MemberWriter flag(String member, boolean value) {
        object.put(member, value);
        return this;
    }

    MemberWriter text(String member, String value) {
        object.put(member, value);
        return this;
    }

    <E extends Enum<E>> MemberWriter choice(String member, Choice<E> choice, E value) {
        object.put(member, choice.name(value));
        return this;
    }

    MemberWriter texts(String member, List<String> values) {
        ArrayNode array = object.putArray(member);
        values.forEach(array::add);
        return this;
    }

    MemberWriter numbers(String member, List<Long> values) {
        ArrayNode array = object.putArray(member);
        values.forEach(array::add);
        return this;
    }

    /** Texts by name, in the order of their names. */
    MemberWriter textsByName(String member, Map<String, String> values) {
        ObjectNode map = object.putObject(member);
        new TreeMap<>(values).forEach(map::put);
        return this;
    }

    /** An object inside this one, whose members follow. */
    MemberWriter object(String member) {
        return new MemberWriter(object.putObject(member));
    }

    /** Objects in their order, each with what the writer writes. */
    <T> MemberWriter objects(String member, List<T> values, BiConsumer<T, MemberWriter> writer) {
        ArrayNode array = object.putArray(member);
        values.forEach(value -> writer.accept(value, new MemberWriter(array.addObject())));
        return this;
    }
}

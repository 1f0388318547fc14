package org.memphisee.core.control.format;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * How the constants of an enum are called in stored formats, whatever becomes of their names in the code.
 *
 * @param <E> the enum
 */
final class Choice<E extends Enum<E>> {

    private final Map<E, String> names;
    private final Map<String, E> constants = new HashMap<>();

    private Choice(Class<E> type, Map<E, String> names) {
        this.names = new EnumMap<>(names);
        this.names.forEach((constant, name) -> constants.put(name, constant));
        if (constants.size() != type.getEnumConstants().length) {
            throw new IllegalStateException("each constant of " + type.getName() + " needs a stored name of its own");
        }
    }

    /** Names for all constants of the enum; one that has none is a mistake. */
    static <E extends Enum<E>> Choice<E> of(Class<E> type, Map<E, String> names) {
        return new Choice<>(type, names);
    }

    /** Name under which the constant is stored. */
    String name(E constant) {
        return names.get(constant);
    }

    /** The constant of a stored name, null when there is none. */
    E constant(String name) {
        return constants.get(name);
    }
}

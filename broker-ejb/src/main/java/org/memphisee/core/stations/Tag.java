package org.memphisee.core.stations;

import java.util.Objects;

/**
 * A word that people put on stations, with its colour (features.md 9.9). A tag has one colour: the first one that
 * somebody gave it.
 *
 * @param name lower case, 1 to 20 characters
 * @param color {@code R, G, B}
 */
public record Tag(String name, String color) {

    /** The tag of stations that nobody gave one. */
    public static final Tag DEFAULT = new Tag("default", "0, 165, 255");
    /** The colour of tags whose colour nobody chose. */
    public static final String DEFAULT_COLOR = "101, 87, 255";

    public Tag {
        Objects.requireNonNull(name, "tag name is required");
        Objects.requireNonNull(color, "tag color is required");
    }

    /** A tag as it was stored; without a colour in releases that kept none. */
    public static Tag stored(String name, String color) {
        return color != null ? new Tag(name, color) : name.equals(DEFAULT.name) ? DEFAULT : new Tag(name, DEFAULT_COLOR);
    }
}

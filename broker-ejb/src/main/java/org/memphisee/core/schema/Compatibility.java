package org.memphisee.core.schema;

import java.util.Locale;
import java.util.Optional;

/** What a new version of a schema owes to the one before it. */
public enum Compatibility {
    /** Nothing. */
    NONE,
    /** Who knows the new version can read what was written with the one before. */
    BACKWARD,
    /** Who knows the version before can read what is written with the new one. */
    FORWARD,
    /** Both. */
    FULL;

    /** The word that clients use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that name, in any case. */
    public static Optional<Compatibility> of(String word) {
        for (Compatibility c : values()) {
            if (c.word().equalsIgnoreCase(word)) {
                return Optional.of(c);
            }
        }
        return Optional.empty();
    }

    /** Whether new readers must read old messages. */
    public boolean backward() {
        return this == BACKWARD || this == FULL;
    }

    /** Whether old readers must read new messages. */
    public boolean forward() {
        return this == FORWARD || this == FULL;
    }
}

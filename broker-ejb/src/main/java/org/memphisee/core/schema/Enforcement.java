package org.memphisee.core.schema;

import java.util.Locale;
import java.util.Optional;

/** What the broker does with a message that does not fit the schema of its station. */
public enum Enforcement {
    /** It does not look; only SDKs check what they send. */
    OFF,
    /** It stores the message and counts it. */
    WARN,
    /** It refuses the message. */
    REFUSE;

    /** The word that clients use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that name, in any case. */
    public static Optional<Enforcement> of(String word) {
        for (Enforcement e : values()) {
            if (e.word().equalsIgnoreCase(word)) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }
}

package org.memphisee.core.api;

import java.util.Objects;

/**
 * What a change is about.
 *
 * @param kind kind of thing in lower case, for instance {@code station}; empty when it is not known
 * @param object its name as people say it; of a thing in a station the station's name, a slash and its own
 * @param effect what became of it
 */
public record ChangeSubject(String kind, String object, Effect effect) {

    /** It was not kept. */
    public static final ChangeSubject UNKNOWN = new ChangeSubject("", "", Effect.DONE);

    /** What became of a definition. */
    public enum Effect {
        /** It is new. */
        MADE,
        /** It is another. */
        CHANGED,
        /** It is gone. */
        GONE,
        /** Something was done; no definition is another for that. */
        DONE
    }

    public ChangeSubject {
        Objects.requireNonNull(kind, "kind is required");
        Objects.requireNonNull(object, "object is required");
        Objects.requireNonNull(effect, "effect is required");
    }

    /** The station it is about or in, empty for none. */
    public String station() {
        return switch (kind) {
            case "station" -> object;
            case "group", "producer", "consumer", "schema" -> object.substring(0, Math.max(0, object.indexOf('/')));
            default -> "";
        };
    }
}

package org.memphisee.core.definitions;

import java.util.List;
import java.util.Locale;

/**
 * One thing of a document, and what becomes of it. Immutable.
 *
 * @param kind what it is
 * @param name its name; of a group {@code station/group}
 * @param action what an import does with it
 * @param details where it differs from what is there, or why nothing is done; a line for each
 * @param result what came of it
 * @param error why it failed, in words for people; empty unless it did
 */
public record DefinitionsChange(Kind kind, String name, Action action, List<String> details, Result result, String error) {

    /** Kinds of things, in the order in which they are brought in. */
    public enum Kind { SETTING, USER, TAG, SCHEMA, STATION, ATTACHMENT, RETRY, GROUP, INTEGRATION }

    /** What is done with a thing. */
    public enum Action {
        /** It is there already, exactly so. */
        SAME,
        /** It is made. */
        CREATE,
        /** It is changed to be so. */
        UPDATE,
        /** It is there otherwise, and stays so. */
        KEEP,
        /** It is there otherwise, and that must not or can not be changed: nothing at all is imported. */
        CONFLICT,
        /** It is here and not in the document; an import leaves it alone. */
        ONLY_HERE
    }

    /** What came of it. */
    public enum Result {
        /** Nothing was tried: it was asked only what would be done, or there was nothing to do. */
        NONE,
        /** Done, durable and in effect. */
        DONE,
        /** Refused; what follows was not tried. */
        FAILED,
        /** Not tried, because something before it failed. */
        NOT_TRIED
    }

    public DefinitionsChange {
        details = List.copyOf(details);
    }

    DefinitionsChange(Kind kind, String name, Action action, List<String> details) {
        this(kind, name, action, details, Result.NONE, "");
    }

    DefinitionsChange with(Result came, String why) {
        return new DefinitionsChange(kind, name, action, details, came, why);
    }

    /** Whether an import has something to do. */
    boolean toDo() {
        return action == Action.CREATE || action == Action.UPDATE;
    }

    /** Its words as doors say them. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** One line for people. */
    String line() {
        return word(kind) + " " + name + (details.isEmpty() ? "" : ": " + String.join("; ", details));
    }
}

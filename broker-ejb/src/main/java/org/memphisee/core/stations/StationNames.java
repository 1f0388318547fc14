package org.memphisee.core.stations;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import org.memphisee.core.control.StationLayout;

/** The rule for names of stations, producers, consumers, groups and schemas (wire-protocol.md 4.1). */
public final class StationNames {

    private static final int MAX_LENGTH = 128;
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9_.-]*");
    private static final Pattern EDGES = Pattern.compile("[a-z0-9](.*[a-z0-9])?");

    /** What a name is for; the word appears in the texts. */
    public enum Kind {
        STATION("Station"), PRODUCER("Producer"), CONSUMER("Consumer"), SCHEMA("Schema");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private StationNames() { }

    /** The external name: lower case, with dots. Throws a {@link RequestRefusal} with the text for the client. */
    public static String external(Kind kind, String given) {
        String name = given.toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            throw new RequestRefusal(kind.word + " name can not be empty");
        }
        if (name.length() > MAX_LENGTH) {
            throw new RequestRefusal(kind.word + " should be under 128 characters");
        }
        if (!ALLOWED.matcher(name).matches()) {
            throw new RequestRefusal("Only alphanumeric and the '_', '-', '.' characters are allowed in " + kind.word);
        }
        if (!EDGES.matcher(name).matches()) {
            throw new RequestRefusal(kind.word + " name can not start or end with non alphanumeric character");
        }
        return name;
    }

    /** Whether it is the external name of a station as it is kept. */
    public static boolean ofStation(String name) {
        try {
            return external(Kind.STATION, name).equals(name);
        } catch (RequestRefusal e) {
            return false;
        }
    }

    /** External name of the group that a station's consumer belongs to; empty for one of the broker itself. */
    public static Optional<String> group(String consumer) {
        return StationLayout.internal(consumer) ? Optional.empty() : Optional.of(StationLayout.externalName(consumer));
    }

    /** The form used in subjects and stream names. */
    public static String internal(String external) {
        return StationLayout.internalName(external);
    }
}

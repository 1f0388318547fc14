package org.memphisee.core.notices;

import java.util.Objects;

/**
 * Something that went wrong with a client's messages or connection.
 *
 * @param kind what kind of thing
 * @param station the station it is about, by its external name; empty for none
 * @param text for people: names of group, producer and so on, at most {@value #MAX_TEXT} characters are kept
 * @param detail what helps to understand it, for example the schema's error, may be empty; shortened like the text
 * @param deadLetter number of the dead letter to look at, 0 for none
 */
public record Alert(Kind kind, String station, String text, String detail, long deadLetter) {

    private static final int MAX_TEXT = 1_000;

    /** Kinds of alerts; each can be wanted or not. */
    public enum Kind {
        /** A message used up its deliveries, or a consumer gave it up. */
        POISON_MESSAGE("Poison message"),
        /** A message does not keep to its schema. */
        SCHEMA_FAILURE("Schema validation has failed"),
        /** A connection with producers or consumers ended. */
        DISCONNECTION("Disconnection events");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** As a heading, for people (features.md 7.5). */
        public String title() {
            return title;
        }
    }

    public Alert {
        Objects.requireNonNull(kind, "kind is required");
        Objects.requireNonNull(station, "station is required");
        text = shortened(text);
        detail = shortened(detail);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + '…';
    }
}

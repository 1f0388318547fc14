package org.memphisee.core.letters;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A dead letter without its headers and payload, which lie in a record of their own.
 *
 * @param id its number, unique among all letters of the broker
 * @param kind what went wrong
 * @param sequence of the message in its partition, 0 for one that never was in it
 * @param sentNanos when the message was stored, or refused; nanoseconds since the epoch
 * @param updatedNanos when the letter came, or the last group was added or asked for it again: how long it is kept counts from here
 * @param size bytes of header block and payload
 * @param error what a schema said, at most {@link #MOST_TEXT} characters, empty for nothing
 * @param producer who sent it, where its headers do not tell; empty where they do
 * @param groups who gave it up
 */
public record Letter(long id, Kind kind, long sequence, long sentNanos, long updatedNanos, int size, String error,
                     String producer, List<LetterGroup> groups) {

    /** Longest text of a letter, in characters; what is longer is cut. */
    public static final int MOST_TEXT = 1_024;
    /** A letter with its places in the shelf's indexes, estimated; of each of its groups half as much. */
    private static final int OBJECTS = 320;

    /** What went wrong. */
    public enum Kind {
        /** Groups gave it up. */
        UNACKED,
        /** It violates the schema of its station. */
        SCHEMA
    }

    public Letter {
        Objects.requireNonNull(kind, "a letter has a kind");
        error = text(error);
        producer = text(producer);
        groups = List.copyOf(groups);
    }

    /** A text as a letter keeps it. */
    public static String text(String given) {
        return given.length() <= MOST_TEXT ? given : given.substring(0, MOST_TEXT);
    }

    /** What it takes of the budget of its station: record and memory. */
    public long accounted() {
        long texts = error.length() + producer.length();
        for (LetterGroup g : groups) {
            texts += OBJECTS / 2 + g.name().length() + g.reason().length();
        }
        return OBJECTS + size + texts;
    }

    /** A group by name. */
    public Optional<LetterGroup> group(String name) {
        return groups.stream().filter(g -> g.name().equals(name)).findFirst();
    }

    /** The same with a group that was not there, or looked otherwise. */
    public Letter with(LetterGroup group) {
        List<LetterGroup> all = new ArrayList<>(groups);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(group.name())) {
                all.set(i, group);
                return of(updatedNanos, all);
            }
        }
        all.add(group);
        return of(updatedNanos, all);
    }

    /** The same without a group. */
    public Letter without(String group) {
        return of(updatedNanos, groups.stream().filter(g -> !g.name().equals(group)).toList());
    }

    /** The same, changed at a time. */
    public Letter at(long nanos) {
        return of(nanos, groups);
    }

    private Letter of(long updated, List<LetterGroup> all) {
        return new Letter(id, kind, sequence, sentNanos, updated, size, error, producer, all);
    }
}

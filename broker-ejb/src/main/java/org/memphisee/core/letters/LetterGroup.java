package org.memphisee.core.letters;

import java.util.Objects;

/**
 * A group that gave a message up.
 *
 * @param name name of its consumer; empty for a letter without groups that waits for its copy in a dead-letter station
 * @param cause why
 * @param deliveries how often it had the message
 * @param reason what a member said, at most {@link Letter#MOST_TEXT} characters, empty for nothing
 * @param atNanos when, nanoseconds since the epoch
 * @param again whether the message is to be given to a member again
 * @param attempts how often that was tried
 * @param dueNanos when it is tried next, nanoseconds since the epoch; 0 for as soon as a member listens
 * @param copied whether the dead-letter station has its copy, or none was attached
 */
public record LetterGroup(String name, Cause cause, int deliveries, String reason, long atNanos, Again again,
                          int attempts, long dueNanos, boolean copied) {

    /** Why a group gave a message up. */
    public enum Cause {
        /** No deliveries are left. */
        DELIVERIES,
        /** A member said so. */
        TERMINATED
    }

    /** Whether a message is to be given to a member again, and who says so. */
    public enum Again {
        /** It is not. */
        NO,
        /** Somebody said so: it is, until a member acknowledges it. */
        BY_HAND,
        /** The station says so: it is, some more times. */
        BY_ITSELF,
        /** It was, as often as the station says. */
        FINAL
    }

    public LetterGroup {
        Objects.requireNonNull(name, "a group has a name");
        Objects.requireNonNull(cause, "a group has a cause");
        Objects.requireNonNull(again, "again is required");
        reason = Letter.text(reason);
    }

    /** One that has just given up; {@code copied} says whether no dead-letter station waits for a copy. */
    public static LetterGroup of(String name, Cause cause, int deliveries, String reason, long atNanos, boolean copied) {
        return new LetterGroup(name, cause, deliveries, reason, atNanos, Again.NO, 0, 0, copied);
    }

    /** The same with what a member said. */
    public LetterGroup because(String said) {
        return new LetterGroup(name, cause, deliveries, said, atNanos, again, attempts, dueNanos, copied);
    }

    /** Whether the message is to be given to a member again. */
    public boolean resending() {
        return again == Again.BY_HAND || again == Again.BY_ITSELF;
    }

    /** The same, to be given to a member until one acknowledges, as soon as one listens. */
    public LetterGroup byHand() {
        return with(Again.BY_HAND, 0, 0);
    }

    /** The same, given to a member once more; the next time is then. */
    public LetterGroup tried(long due) {
        return with(again, attempts + 1, due);
    }

    /** The same, whose next attempt is at another time. */
    public LetterGroup dueAt(long due) {
        return with(again, attempts, due);
    }

    /** The same, waiting for the next attempt of those that the station wants. */
    LetterGroup waiting(int attempt, long due) {
        return with(Again.BY_ITSELF, attempt, due);
    }

    /** The same after the last of those. */
    LetterGroup last(int attempt) {
        return with(Again.FINAL, attempt, 0);
    }

    /** The same, of which nothing is given again any more. */
    LetterGroup stopped() {
        return with(Again.NO, attempts, 0);
    }

    private LetterGroup with(Again how, int attempt, long due) {
        return new LetterGroup(name, cause, deliveries, reason, atNanos, how, attempt, due, copied);
    }

    /** The same, of which the dead-letter station has its copy. */
    public LetterGroup withCopy() {
        return new LetterGroup(name, cause, deliveries, reason, atNanos, again, attempts, dueNanos, true);
    }
}

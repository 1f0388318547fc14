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
 * @param resending whether the message is to be given to a member again, until one acknowledges it
 * @param attempts how often that was tried
 * @param dueNanos when it is tried next, nanoseconds since the epoch; 0 for as soon as a member listens
 * @param copied whether the dead-letter station has its copy, or none was attached
 */
public record LetterGroup(String name, Cause cause, int deliveries, String reason, long atNanos, boolean resending,
                          int attempts, long dueNanos, boolean copied) {

    /** Why a group gave a message up. */
    public enum Cause {
        /** No deliveries are left. */
        DELIVERIES,
        /** A member said so. */
        TERMINATED
    }

    public LetterGroup {
        Objects.requireNonNull(name, "a group has a name");
        Objects.requireNonNull(cause, "a group has a cause");
        reason = Letter.text(reason);
    }

    /** One that has just given up; {@code copied} says whether no dead-letter station waits for a copy. */
    public static LetterGroup of(String name, Cause cause, int deliveries, String reason, long atNanos, boolean copied) {
        return new LetterGroup(name, cause, deliveries, reason, atNanos, false, 0, 0, copied);
    }

    /** The same with what a member said. */
    public LetterGroup because(String said) {
        return new LetterGroup(name, cause, deliveries, said, atNanos, resending, attempts, dueNanos, copied);
    }

    /** The same, to be given to a member again. */
    public LetterGroup again(int attempt, long due) {
        return new LetterGroup(name, cause, deliveries, reason, atNanos, true, attempt, due, copied);
    }

    /** The same, of which the dead-letter station has its copy. */
    public LetterGroup withCopy() {
        return new LetterGroup(name, cause, deliveries, reason, atNanos, resending, attempts, dueNanos, true);
    }
}

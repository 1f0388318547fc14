package org.memphisee.core.letters;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * When a group that gave a message up is given it again without anybody asking. Immutable.
 *
 * @param delaysMillis how long to wait before the first attempt, the second one and so on, milliseconds; the last delay counts
 *     for all that follow. Empty for never
 * @param maximum attempts, then the letter is final
 */
public record RetryPolicy(List<Long> delaysMillis, int maximum) {

    /** Nothing is given again by itself. */
    public static final RetryPolicy NONE = new RetryPolicy(List.of(), 0);
    /** Delays at most. */
    public static final int MOST_DELAYS = 20;
    /** Attempts at most. */
    public static final int MOST_ATTEMPTS = 100;
    /** The shortest delay, milliseconds. */
    public static final long LEAST_MILLIS = 1_000;
    /** The longest one. */
    public static final long MOST_MILLIS = TimeUnit.HOURS.toMillis(24);

    public RetryPolicy {
        delaysMillis = List.copyOf(delaysMillis);
    }

    /** Whether nothing is given again by itself. */
    public boolean none() {
        return delaysMillis.isEmpty() || maximum < 1;
    }

    /** A group that has just given up: it waits for its first attempt, if there is one. */
    public LetterGroup begin(LetterGroup group, long nowNanos) {
        return none() ? group : group.waiting(0, nowNanos + delayNanos(0));
    }

    /**
     * A group that waited and is given the message now. After the last attempt it is final, whatever comes of that.
     *
     * @param leastNanos how long a member may take to acknowledge: the next attempt does not come before
     */
    public LetterGroup tried(LetterGroup group, long nowNanos, long leastNanos) {
        int attempts = group.attempts() + 1;
        return attempts >= maximum ? group.last(attempts)
            : group.waiting(attempts, nowNanos + Math.max(leastNanos, delayNanos(attempts)));
    }

    /** A group as another policy left it: without attempts it waits for nothing any more. */
    public LetterGroup adopted(LetterGroup group) {
        return group.again() != LetterGroup.Again.BY_ITSELF ? group : none() ? group.stopped()
            : group.attempts() >= maximum ? group.last(group.attempts()) : group;
    }

    private long delayNanos(int attempt) {
        return TimeUnit.MILLISECONDS.toNanos(delaysMillis.get(Math.min(attempt, delaysMillis.size() - 1)));
    }
}

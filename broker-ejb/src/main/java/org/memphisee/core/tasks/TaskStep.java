package org.memphisee.core.tasks;

import java.util.Map;

/**
 * How a step ended: the task goes on, is complete, or cannot go on.
 *
 * @param next what comes next
 * @param reason why it failed, in words for people, else empty
 * @param done parts that are done, 0 or more
 * @param total parts altogether, 0 while nobody knows
 * @param data what the task remembers, or at its end found out: few short texts, some {@value #MAX_DATA} characters
 * @param pauseNanos time until the next step, at most {@link #MAX_PAUSE_NANOS}
 */
public record TaskStep(Next next, String reason, long done, long total, Map<String, String> data, long pauseNanos) {

    /** The longest pause, a minute. */
    public static final long MAX_PAUSE_NANOS = 60_000_000_000L;
    /** Characters of all that a task may remember. */
    static final int MAX_DATA = 4_096;

    private static final int MAX_REASON = 500;

    /** What comes after a step. */
    public enum Next { GO_ON, COMPLETE, FAIL }

    public TaskStep {
        data = bounded(data);
        reason = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
        if (done < 0 || total < 0 || pauseNanos < 0 || pauseNanos > MAX_PAUSE_NANOS) {
            throw new IllegalArgumentException(done + " of " + total + ", pause of " + pauseNanos + " ns");
        }
    }

    /** What a task may be told or remember, or an {@link IllegalArgumentException}. */
    static Map<String, String> bounded(Map<String, String> data) {
        int size = data.entrySet().stream().mapToInt(e -> e.getKey().length() + e.getValue().length()).sum();
        if (size > MAX_DATA) {
            throw new IllegalArgumentException("a task keeps " + MAX_DATA + " characters, not " + size);
        }
        return Map.copyOf(data);
    }

    /** There is more to do, at once. */
    public static TaskStep goOn(long done, long total, Map<String, String> data) {
        return new TaskStep(Next.GO_ON, "", done, total, data, 0);
    }

    /** There is more to do, after a pause. */
    public static TaskStep goOnAfter(long pauseNanos, long done, long total, Map<String, String> data) {
        return new TaskStep(Next.GO_ON, "", done, total, data, pauseNanos);
    }

    /** All is done; {@code data} is the result. */
    public static TaskStep complete(long done, long total, Map<String, String> data) {
        return new TaskStep(Next.COMPLETE, "", done, total, data, 0);
    }

    /** It cannot go on. */
    public static TaskStep fail(String reason, long done, long total, Map<String, String> data) {
        return new TaskStep(Next.FAIL, reason, done, total, data, 0);
    }
}

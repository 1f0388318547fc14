package org.memphisee.core.letters;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What all dead-letter logs of a broker share: how long and how much they keep, and the numbers of letters. Any thread. */
public final class LetterRules {

    /** How long letters are kept unless somebody says otherwise, in hours. */
    public static final int DEFAULT_HOURS = 3;
    /** What one partition keeps unless somebody says otherwise, in bytes. */
    public static final long DEFAULT_BYTES = 64L << 20;
    /** How many letters one partition keeps at most: each takes some memory. */
    public static final int MOST_LETTERS = 100_000;
    /** A partition's letters are stored as a partition of their own whose number differs by this bit from its. */
    private static final long LETTERS = 1L << 62;
    private static final long NANOS_PER_MICRO = 1_000;

    private final AtomicLong lastId = new AtomicLong();
    private final long maxBytes;
    private final int maxCount;
    private volatile long retentionNanos;
    private volatile boolean followed;

    /** The defaults. */
    public LetterRules() {
        this(DEFAULT_HOURS, DEFAULT_BYTES, MOST_LETTERS);
    }

    /**
     * @param hours how long letters are kept
     * @param maxBytes what one partition keeps, in bytes; the oldest letters go first
     * @param maxCount how many letters one partition keeps
     */
    public LetterRules(int hours, long maxBytes, int maxCount) {
        this.maxBytes = maxBytes;
        this.maxCount = maxCount;
        hours(hours);
    }

    /** Number under which the letters of a partition are stored. */
    public static long partition(long of) {
        return of | LETTERS;
    }

    /** Whether a stored partition holds letters. */
    public static boolean holdsLetters(long partition) {
        return (partition & LETTERS) != 0;
    }

    /** The partition whose letters are stored under the number. */
    public static long owner(long lettersPartition) {
        return lettersPartition & ~LETTERS;
    }

    /** These partitions and those that hold their letters. */
    public static Set<Long> withLetters(Set<Long> partitions) {
        Set<Long> all = new HashSet<>(partitions);
        partitions.forEach(id -> all.add(partition(id)));
        return all;
    }

    /** Letters are kept so long from now on. */
    public void hours(int hours) {
        retentionNanos = TimeUnit.HOURS.toNanos(hours);
    }

    /** Somebody follows what happens to letters: it is remembered from now on. */
    public void follow() {
        followed = true;
    }

    /** Whether somebody does. */
    public boolean followed() {
        return followed;
    }

    /** How long a letter is kept. */
    public long retentionNanos() {
        return retentionNanos;
    }

    /** What one partition keeps, in bytes. */
    public long maxBytes() {
        return maxBytes;
    }

    /** How many letters one partition keeps. */
    public int maxCount() {
        return maxCount;
    }

    /**
     * A number for a new letter: microseconds since the epoch, or one more than any that is known, so that none is given twice although
     * letters go and the process ends. It is exact in JavaScript.
     */
    public long nextId(long wallNanos) {
        return lastId.updateAndGet(last -> Math.max(last + 1, wallNanos / NANOS_PER_MICRO));
    }

    /** A letter with this number is there. */
    public void seen(long id) {
        lastId.accumulateAndGet(id, Math::max);
    }
}

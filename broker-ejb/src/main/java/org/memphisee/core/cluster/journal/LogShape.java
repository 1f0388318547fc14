package org.memphisee.core.cluster.journal;

import java.util.Map;
import java.util.TreeMap;

/**
 * What there is of a group's log, without the entries: from where to where it goes, which terms, and the vote. Whoever reads
 * a journal, writes it, or appends to it makes the same steps. Not thread-safe.
 */
final class LogShape {

    /** While the journal is read: entries came whose log's beginning stands further on. */
    private static final long UNKNOWN = -1;

    private Standing standing = Standing.ABSENT;
    private long base = UNKNOWN;
    private long baseTerm = UNKNOWN;
    private long last = UNKNOWN;
    /** First index of each stretch of entries of one term. */
    private final TreeMap<Long, Long> terms = new TreeMap<>();
    private long term;
    private String vote = "";

    LogShape copy() {
        LogShape copy = new LogShape();
        copy.standing = standing;
        copy.base = base;
        copy.baseTerm = baseTerm;
        copy.last = last;
        copy.terms.putAll(terms);
        copy.term = term;
        copy.vote = vote;
        return copy;
    }

    Standing standing() {
        return standing;
    }

    /** Index of the entry before the log. */
    long base() {
        return base;
    }

    /** Index of the last entry; the base when there is none. */
    long last() {
        return last;
    }

    long term() {
        return term;
    }

    String vote() {
        return vote;
    }

    /** Whether it is known what the log begins after. */
    boolean grounded() {
        return baseTerm != UNKNOWN;
    }

    /**
     * Term of an entry, also of the one before the log.
     *
     * @throws IndexOutOfBoundsException when it is neither
     */
    long termAt(long index) {
        if (index == base) {
            return baseTerm;
        }
        if (index < base || index > last) {
            throw new IndexOutOfBoundsException("entry " + index + " of a log from " + (base + 1) + " to " + last);
        }
        return terms.floorEntry(index).getValue();
    }

    /** Takes the next entry; false when it is not the next, or of an earlier term than the last. */
    boolean append(long index, long entryTerm) {
        if (base == UNKNOWN) {
            standing = Standing.COMPLETE; // found so far; it must turn out to be grounded
            base = index - 1;
            last = base;
        }
        long before = last > base || grounded() ? termAt(last) : 0;
        if (index != last + 1 || entryTerm < before) {
            return false;
        }
        if (terms.isEmpty() || entryTerm != before) {
            terms.put(index, entryTerm);
        }
        last = index;
        return true;
    }

    /** Entries from an index on are gone; false when they reach below what is kept. */
    boolean cut(long from) {
        if (base == UNKNOWN) {
            return true; // what it cut was dropped with its segment
        }
        if (from <= base) {
            if (grounded()) {
                return false;
            }
            base = UNKNOWN;
            last = UNKNOWN;
            terms.clear();
            return true;
        }
        terms.tailMap(from, true).clear();
        last = Math.min(last, from - 1);
        return true;
    }

    /** The log is empty and begins after an entry. */
    void begin(long index, long entryTerm, long currentTerm, String votedFor) {
        standing = Standing.COMPLETE;
        base = index;
        baseTerm = entryTerm;
        last = index;
        terms.clear();
        vote(currentTerm, votedFor);
    }

    /**
     * Entries up to here are no longer kept.
     *
     * @param end index of the last entry at that time
     * @return false when that is not the log which was found so far
     */
    boolean drop(long index, long entryTerm, long end) {
        if (standing == Standing.ABSENT) {
            standing = Standing.COMPLETE;
        }
        if (base == UNKNOWN && index < end) {
            return true; // those between were dropped later: then a later one says so
        }
        if (base == UNKNOWN) {
            base = index;
            last = index;
        }
        if (last != end) {
            return false;
        }
        if (index < base) {
            return !grounded(); // an old one; a later one says what the log begins after now
        }
        if (index < last) {
            terms.put(index + 1, termAt(index + 1));
        }
        terms.headMap(index, true).clear();
        base = index;
        baseTerm = entryTerm;
        return true;
    }

    /** Nothing of the log counts any more; term and vote stay, as the least that is known of them. */
    void lose() {
        standing = Standing.REBUILD;
        base = 0;
        baseTerm = 0;
        last = 0;
        terms.clear();
    }

    void vote(long newTerm, String votedFor) {
        term = newTerm;
        vote = votedFor;
    }

    @Override
    public String toString() {
        Map.Entry<Long, Long> newest = terms.lastEntry();
        return standing + " " + (base + 1) + ".." + last + (newest == null ? "" : " last of term " + newest.getValue()) + ", term "
            + term + (vote.isEmpty() ? "" : ", vote " + vote);
    }
}

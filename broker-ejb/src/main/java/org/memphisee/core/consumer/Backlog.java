package org.memphisee.core.consumer;

import java.util.Arrays;

import org.memphisee.core.consumer.PartitionView.Lookup;

/**
 * What was never delivered: for {@code last_per_subject} first the chosen messages, then everything that matches from
 * a sequence on. Its size is kept by counting up and down; it is counted anew only when whole batches that were not
 * delivered have been dropped, when a sequence is no message, or when the filter changed. Counting up takes every committed sequence for stored; a
 * partition that skips one reports it as removed.
 */
final class Backlog {

    private static final long[] NOTHING = new long[0];

    private final PartitionView view;
    private SubjectFilter filter;
    private long next;
    private long[] chosen;
    private int chosenAt;

    /** Matching messages in [next, countedTo]. */
    private long count;
    private long countedTo;
    private boolean stale = true;

    /** The chosen messages, then everything from a sequence on. */
    Backlog(PartitionView view, SubjectFilter filter, long next, long[] chosen) {
        this.view = view;
        this.filter = filter;
        this.next = next;
        this.chosen = chosen;
    }

    SubjectFilter filter() {
        return filter;
    }

    /** First sequence that was not looked at. */
    long next() {
        return next;
    }

    /** Chosen messages that are left, ascending. */
    long[] chosen() {
        return chosenAt == 0 ? chosen : Arrays.copyOfRange(chosen, chosenAt, chosen.length);
    }

    /** Number of messages that were never delivered; exact. */
    long size() {
        long last = view.lastSequence();
        if (stale) {
            count = next > last ? 0 : view.countMatching(next, filter);
            stale = false;
        } else if (last > countedTo && last >= next) {
            long from = Math.max(countedTo + 1, next);
            count += filter.everything() ? last - from + 1 : view.countMatching(from, filter);
        }
        countedTo = Math.max(countedTo, last);
        return count + chosen.length - chosenAt;
    }

    /** Looks at the next one without taking it. */
    Lookup peek(MessageView message) {
        while (chosenAt < chosen.length) {
            Lookup lookup = view.read(chosen[chosenAt], message);
            if (lookup == Lookup.LOADING || lookup == Lookup.UNREADABLE || lookup == Lookup.FOUND
                && filter.matches(message.bytes, message.subjectOffset, message.subjectLength)) {
                return lookup;
            }
            chosenAt++;
        }
        chosen = NOTHING;
        chosenAt = 0;
        long last = view.lastSequence();
        if (next > last) {
            return Lookup.NONE;
        }
        Lookup lookup = view.next(next, filter, message);
        if (lookup == Lookup.LOADING) {
            next = view.resumeAt(next);
        } else if (lookup == Lookup.NONE) {
            // Nothing matches up to the end, so the next look need not begin here again.
            next = last + 1;
            count = 0;
            countedTo = last;
            stale = false;
        }
        return lookup;
    }

    /** Takes what {@link #peek} found. */
    void take(MessageView message) {
        if (chosenAt < chosen.length) {
            chosenAt++;
            return;
        }
        size();
        next = message.sequence + 1;
        count--;
    }

    /** One message is gone. */
    void messageRemoved(long sequence, byte[] subject) {
        if (!stale && sequence >= next && sequence <= countedTo && !filter.everything()
            && filter.matches(subject, 0, subject.length)) {
            count--;
        }
    }

    /** Messages of the range are gone of which nobody was told one by one. */
    void uncount(long to) {
        if (to >= next) {
            stale = true;
        }
    }

    /** Some or all messages of the range are gone; with a filter their number is known from elsewhere. */
    void removed(long from, long to) {
        if (filter.everything()) {
            uncount(to);
        }
        if (chosenAt < chosen.length) {
            int begin = indexOf(from);
            int end = indexOf(to + 1);
            int kept = begin;
            for (int i = begin; i < end; i++) {
                if (view.contains(chosen[i])) {
                    chosen[kept++] = chosen[i];
                }
            }
            if (kept < end) {
                System.arraycopy(chosen, end, chosen, kept, chosen.length - end);
                chosen = Arrays.copyOf(chosen, chosen.length - (end - kept));
            }
        }
    }

    /** Index of the first chosen message that is left and not below the sequence. */
    private int indexOf(long sequence) {
        int index = Arrays.binarySearch(chosen, chosenAt, chosen.length, sequence);
        return index < 0 ? -index - 1 : index;
    }

    /** Changes what is wanted from here on. */
    void filter(SubjectFilter newFilter) {
        filter = newFilter;
        stale = true;
    }

    /** Whether a message is yet to be delivered. */
    boolean holds(long sequence, byte[] subject, int offset, int length) {
        if (sequence >= next) {
            return filter.matches(subject, offset, length);
        }
        return chosenAt < chosen.length && Arrays.binarySearch(chosen, chosenAt, chosen.length, sequence) >= 0;
    }
}

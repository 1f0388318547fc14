package org.memphisee.core.consumer;

import java.util.Arrays;
import java.util.function.ToLongFunction;

import org.memphisee.core.consumer.PartitionView.Lookup;

/**
 * What was never delivered: for {@code last_per_subject} first the chosen messages, then everything that matches from
 * a sequence on. Its size is kept by counting up and down; it is counted anew only when a batch that was delivered in part, or
 * of which nothing is known, has been dropped, when a sequence is no message, or when the filter changed. What has to be read
 * for that is counted later, batch by batch; meanwhile nothing is delivered. Counting up takes every committed sequence for
 * stored; a partition that skips one reports it as removed.
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
    /** The count that goes on, null when none does. */
    private Count counting;
    private final Runnable whenCounted;

    /**
     * The chosen messages, then everything from a sequence on.
     *
     * @param whenCounted told, not during a call, when what had to be read to count was read
     */
    Backlog(PartitionView view, SubjectFilter filter, long next, long[] chosen, Runnable whenCounted) {
        this.view = view;
        this.filter = filter;
        this.next = next;
        this.chosen = chosen;
        this.whenCounted = whenCounted;
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

    /** Number of messages that were never delivered; exact when {@link #counted}, else of those counted so far. */
    long size() {
        countOn();
        return count + chosen.length - chosenAt;
    }

    /** Whether all is counted; else something is read for it, and {@code whenCounted} follows. */
    boolean counted() {
        countOn();
        return counting == null;
    }

    private void countOn() {
        long last = view.lastSequence();
        if (stale) {
            stale = false;
            counting = null;
            count = 0;
            countedTo = next - 1;
            begin(next, last);
        } else if (counting == null && last > countedTo) {
            long from = Math.max(countedTo + 1, next);
            if (filter.everything()) {
                count += Math.max(0, last - from + 1);
                countedTo = last;
            } else {
                begin(from, last);
            }
        }
    }

    private void begin(long from, long last) {
        if (from > last) {
            countedTo = Math.max(countedTo, last);
            return;
        }
        Count mine = new Count();
        counting = mine;
        view.count(from, filter, mine);
        mine.begun = true;
    }

    /** Counts up from what is counted; of one that another took the place of, nothing is heard. */
    private final class Count implements PartitionView.Tally {
        private boolean begun;

        @Override
        public void add(long upTo, long matching) {
            if (counting == this) {
                count += matching;
                countedTo = Math.max(countedTo, upTo);
            }
        }

        @Override
        public void done() {
            if (counting == this) {
                counting = null;
                if (begun) {
                    whenCounted.run();
                }
            }
        }

        @Override
        public boolean wanted() {
            return counting == this;
        }
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
            counting = null;
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

    /** One message is gone; told at once, before what comes after it is delivered. */
    void messageRemoved(long sequence, byte[] subject) {
        if (stale || sequence < next) {
            return;
        }
        if (sequence > countedTo) {
            stale = filter.everything(); // which takes every sequence for stored
        } else if (filter.matches(subject, 0, subject.length)) {
            count--;
        }
    }

    /** Messages of the range are gone of which nobody was told one by one. */
    void uncount(long to) {
        if (to >= next) {
            stale = true;
        }
    }

    /**
     * A whole batch is gone.
     *
     * @param first first sequence that it had
     * @param last last one
     * @param matching tells how many of its messages matched a filter, negative when that is not known
     */
    void dropped(long first, long last, ToLongFunction<SubjectFilter> matching) {
        if (stale || last < next || first > countedTo && counting != null) {
            return; // of what is still to be counted, it will not be met
        }
        long gone = !filter.everything() && first >= next && last <= countedTo ? matching.applyAsLong(filter) : -1;
        if (gone < 0) {
            stale = true;
        } else {
            count -= gone;
        }
    }

    /** Some or all messages of the range are gone; with a filter their number is known from elsewhere. */
    void removed(long from, long to) {
        if (filter.everything()) {
            uncount(to);
        }
    }

    /**
     * Takes out chosen messages of the range that are gone.
     *
     * @return where it stopped because a record must be read first, {@code Long.MAX_VALUE} when nowhere
     */
    long forgetChosen(long from, long to) {
        long unknown = Long.MAX_VALUE;
        if (chosenAt < chosen.length) {
            int begin = indexOf(from);
            int end = to == Long.MAX_VALUE ? chosen.length : indexOf(to + 1);
            int kept = begin;
            for (int i = begin; i < end; i++) {
                Lookup lookup = unknown < Long.MAX_VALUE ? Lookup.LOADING : view.contains(chosen[i]);
                if (lookup == Lookup.LOADING && unknown == Long.MAX_VALUE) {
                    unknown = chosen[i];
                }
                if (lookup != Lookup.NONE) {
                    chosen[kept++] = chosen[i];
                }
            }
            if (kept < end) {
                System.arraycopy(chosen, end, chosen, kept, chosen.length - end);
                chosen = Arrays.copyOf(chosen, chosen.length - (end - kept));
            }
        }
        return unknown;
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

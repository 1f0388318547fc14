package org.memphisee.core.partition.publish;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.partition.index.IndexBudget;

/**
 * A part of a station's window: the ids whose hash falls here, with the partition that has each and its sequence, 17 bytes a
 * slot. As in {@link DedupWindow} they stand in generations that never grow and go as a whole; here a generation takes ids
 * of one length of window and of a quarter of it, whatever their order: partitions are recovered one after the other, and
 * shards do not read the clock at the same moment. The time of an id is known to 1/256 of its window, later rather than
 * earlier.
 *
 * <p>Any thread: each method looks at a few slots of each generation and holds the monitor for that long. The largest
 * generation is small enough that making it room takes less than a millisecond.
 */
final class WindowStripe {

    /** Not granted: there is no memory for it. */
    static final long NO_ROOM = -1;
    private static final int SMALLEST = 1 << 6;
    private static final int LARGEST = 1 << 17;
    private static final int SLOT_BYTES = 17;
    /** Of the window to both sides of a generation's first id. */
    private static final int GENERATIONS = 8;
    private static final int MARKS = 256;

    private final IndexBudget budget;
    private final Validity validity;
    private final TableSizes sizes;
    private final List<Generation> generations = new ArrayList<>(0);
    /** How often something was added; written under the monitor. */
    private volatile long additions;

    /** Who says whether an id is still known: that depends on its partition. Any thread. */
    interface Validity {
        /** Whether what the partition behind this claim stored then is in its window now. */
        boolean known(long claim, long timeNanos, long nowNanos);
    }

    WindowStripe(IndexBudget budget, Validity validity) {
        this.budget = budget;
        this.validity = validity;
        this.sizes = new TableSizes(budget, SMALLEST, LARGEST, SLOT_BYTES);
    }

    /** How often something was added: while it stays the same, what was not found is not there. Does not wait. */
    long additions() {
        return additions;
    }

    /** The valid claim to an id, one of the given partition rather than of another; 0 for none. */
    synchronized long find(long identity, long place, int partition, long nowNanos) {
        expire(nowNanos);
        return lookUp(identity, place, partition, nowNanos);
    }

    /**
     * Puts a claim there if there is none.
     *
     * @param seen {@link #additions} before the caller looked for the id, with the same {@code nowNanos}
     * @return 0 when granted, {@link #NO_ROOM}, or the claim of another
     */
    synchronized long claim(long identity, long place, long claim, long seen, long nowNanos, long windowNanos) {
        if (seen != additions) {
            long other = lookUp(identity, place, StationWindow.partition(claim), nowNanos);
            if (other != 0) {
                return other;
            }
        }
        return add(identity, place, claim, nowNanos, windowNanos) ? 0 : NO_ROOM;
    }

    /** Puts a claim there, whoever else has one; false when there is no room for it. */
    synchronized boolean add(long identity, long place, long claim, long timeNanos, long windowNanos) {
        Generation g = current(timeNanos, windowNanos);
        if (g == null) {
            return false;
        }
        g.add(identity, place, claim, timeNanos);
        additions++;
        return true;
    }

    /** Takes a claim back, if it is there. */
    synchronized void release(long identity, long place, long claim) {
        for (int i = generations.size() - 1; i >= 0; i--) {
            if (generations.get(i).release(identity, place, claim)) {
                return;
            }
        }
    }

    /** Lets go of generations that are older than their window; until when the first of the others is kept. */
    synchronized long expire(long nowNanos) {
        long first = Long.MAX_VALUE;
        for (int i = generations.size() - 1; i >= 0; i--) {
            Generation g = generations.get(i);
            if (g.last + g.kept <= nowNanos) {
                generations.remove(i);
                budget.give(g.bytes());
            } else {
                first = Math.min(first, g.last + g.kept);
            }
        }
        if (generations.isEmpty()) {
            sizes.beginAnew();
        }
        return first;
    }

    /** All generations are kept for the longest window that some partition has now; what was not valid may be again. */
    synchronized void keep(long windowNanos) {
        additions++;
        generations.forEach(g -> g.kept = windowNanos);
    }

    /** Lets go of everything. */
    synchronized void clear() {
        generations.forEach(g -> budget.give(g.bytes()));
        generations.clear();
        sizes.beginAnew();
    }

    /** Bytes of the slots. */
    synchronized long bytes() {
        return generations.stream().mapToLong(Generation::bytes).sum();
    }

    private long lookUp(long identity, long place, int partition, long nowNanos) {
        long found = 0;
        for (int i = generations.size() - 1; i >= 0; i--) {
            Generation g = generations.get(i);
            for (int slot = g.first(place); g.claims[slot] != 0; slot = g.next(slot)) {
                long claim = g.claims[slot];
                if (g.identities[slot] == identity && claim > 0 && validity.known(claim, g.time(slot), nowNanos)) {
                    if (StationWindow.partition(claim) == partition) {
                        return claim;
                    }
                    found = found == 0 ? claim : found;
                }
            }
        }
        return found;
    }

    private Generation current(long timeNanos, long windowNanos) {
        long unit = Math.max(1, windowNanos / MARKS);
        for (int i = generations.size() - 1; i >= 0; i--) {
            if (generations.get(i).takes(timeNanos, unit)) {
                return generations.get(i);
            }
        }
        if (!generations.isEmpty()) {
            Generation last = generations.get(generations.size() - 1);
            sizes.closed(last.capacity(), last.used, last.full());
        }
        int slots = sizes.take();
        if (slots == 0) {
            return null;
        }
        Generation next = new Generation(slots, timeNanos, unit, windowNanos);
        generations.add(next);
        return next;
    }

    /** Ids of some time: a table with open addressing that never grows. */
    private static final class Generation {
        private static final long TAKEN_BACK = -1;

        private final long[] identities;
        /** 0 for free. */
        private final long[] claims;
        /** Distance of the time to {@link #begin}, rounded up. */
        private final byte[] marks;
        private final long begin;
        private final long unit;
        private long last = Long.MIN_VALUE;
        /** How long after {@link #last} some id in it may be valid. */
        private long kept;
        private int used;

        private Generation(int capacity, long begin, long unit, long kept) {
            this.identities = new long[capacity];
            this.claims = new long[capacity];
            this.marks = new byte[capacity];
            this.begin = begin;
            this.unit = unit;
            this.kept = kept;
        }

        private int capacity() {
            return identities.length;
        }

        private long bytes() {
            return (long) identities.length * SLOT_BYTES;
        }

        private boolean full() {
            return used >= identities.length - identities.length / 7;
        }

        private boolean takes(long timeNanos, long unitNanos) {
            return unit == unitNanos && !full() && Math.abs(timeNanos - begin) <= unit * (MARKS / GENERATIONS);
        }

        private int first(long place) {
            return (int) place & claims.length - 1;
        }

        private int next(int slot) {
            return slot + 1 & claims.length - 1;
        }

        private void add(long identity, long place, long claim, long timeNanos) {
            int slot = first(place);
            while (claims[slot] != 0) {
                slot = next(slot);
            }
            identities[slot] = identity;
            claims[slot] = claim;
            marks[slot] = (byte) -Math.floorDiv(begin - timeNanos, unit);
            last = Math.max(last, time(slot));
            used++;
        }

        private boolean release(long identity, long place, long claim) {
            for (int slot = first(place); claims[slot] != 0; slot = next(slot)) {
                if (identities[slot] == identity && claims[slot] == claim) {
                    claims[slot] = TAKEN_BACK;
                    return true;
                }
            }
            return false;
        }

        private long time(int slot) {
            return begin + marks[slot] * unit;
        }
    }
}

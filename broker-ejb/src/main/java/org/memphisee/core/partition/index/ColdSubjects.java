package org.memphisee.core.partition.index;

import org.memphisee.core.subject.SipHash;

/**
 * What a partition knows of subjects that are not in use, without their texts: last sequence and count, or the accounted
 * bytes of the only message, in some 25 bytes each. A subject is known by 64 bits of a keyed hash inside one of 1024
 * segments that follows from another hash: among ten million subjects that two are taken for one happens once in 3 · 10^8
 * partitions. Segments grow one by one, so that growing needs little memory and no turn waits for it. Shard's thread only.
 */
final class ColdSubjects {

    private static final int SEGMENTS = 1024;
    private static final int SMALLEST = 8;
    static final int SLOT_BYTES = 20;

    private final IndexBudget budget;
    private final Segment[] segments = new Segment[SEGMENTS];
    private long size;
    private long bytes;
    private Segment found;
    private int at;

    ColdSubjects(IndexBudget budget) {
        this.budget = budget;
    }

    long size() {
        return size;
    }

    /** Bytes of all slots. */
    long bytes() {
        return bytes;
    }

    /** Whether the subject that was identified is here; {@link #last()} and {@link #info()} speak of it then. */
    boolean find(SipHash subject) {
        found = segments[segment(subject)];
        at = found == null ? -1 : found.find(subject.low());
        return at >= 0;
    }

    /** Last committed sequence. */
    long last() {
        return found.lasts[at];
    }

    /** Number of messages; negative for one message: its accounted bytes. */
    int info() {
        return found.infos[at];
    }

    /** Adds or replaces. False, and nothing changed, when there is no memory for it. */
    boolean put(SipHash subject, long last, int info) {
        if (find(subject)) {
            found.lasts[at] = last;
            found.infos[at] = info;
            return true;
        }
        int number = segment(subject);
        Segment s = segments[number];
        if (s == null || s.full()) {
            int capacity = s == null ? SMALLEST : s.hashes.length + Math.max(SMALLEST, s.hashes.length / 6);
            long more = (long) (capacity - (s == null ? 0 : s.hashes.length)) * SLOT_BYTES;
            if (!budget.take(more)) {
                return false;
            }
            bytes += more;
            s = new Segment(capacity, s);
            segments[number] = s;
        }
        s.add(subject.low(), last, info);
        size++;
        return true;
    }

    /** Takes it out; absent ones are ignored. */
    void remove(SipHash subject) {
        if (find(subject)) {
            found.remove(at);
            size--;
        }
    }

    /** Gives its memory back; not to be used any more. */
    void close() {
        budget.give(bytes);
        bytes = 0;
    }

    private static int segment(SipHash subject) {
        return (int) subject.high() & SEGMENTS - 1;
    }

    /** A table with open addressing; free where the last sequence is 0. */
    private static final class Segment {
        private final long[] hashes;
        private final long[] lasts;
        private final int[] infos;
        private int used;

        private Segment(int capacity, Segment from) {
            hashes = new long[capacity];
            lasts = new long[capacity];
            infos = new int[capacity];
            for (int i = 0; from != null && i < from.hashes.length; i++) {
                if (from.lasts[i] != 0) {
                    add(from.hashes[i], from.lasts[i], from.infos[i]);
                }
            }
        }

        private boolean full() {
            return used >= hashes.length - hashes.length / 7;
        }

        private int home(long hash) {
            return (int) ((hash >>> 32) * hashes.length >>> 32);
        }

        private int after(int i) {
            return i + 1 == hashes.length ? 0 : i + 1;
        }

        private int find(long hash) {
            for (int i = home(hash); lasts[i] != 0; i = after(i)) {
                if (hashes[i] == hash) {
                    return i;
                }
            }
            return -1;
        }

        private void add(long hash, long last, int info) {
            int i = home(hash);
            while (lasts[i] != 0) {
                i = after(i);
            }
            hashes[i] = hash;
            lasts[i] = last;
            infos[i] = info;
            used++;
        }

        /** Those behind it move up, so that none is lost behind a gap. */
        private void remove(int slot) {
            int gap = slot;
            for (int i = after(gap); lasts[i] != 0; i = after(i)) {
                int home = home(hashes[i]);
                boolean stays = gap <= i ? home > gap && home <= i : home > gap || home <= i;
                if (!stays) {
                    hashes[gap] = hashes[i];
                    lasts[gap] = lasts[i];
                    infos[gap] = infos[i];
                    gap = i;
                }
            }
            lasts[gap] = 0;
            used--;
        }
    }
}

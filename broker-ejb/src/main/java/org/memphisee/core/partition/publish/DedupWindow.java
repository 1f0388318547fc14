package org.memphisee.core.partition.publish;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.subject.SipHash;
import org.memphisee.port.PublishRequest;

/**
 * The message ids of one partition's deduplication window and where they went (P5), without their texts: 12 bytes a slot. Ids stand in
 * generations; a generation takes the ids of at most an eighth of the window, and goes as a whole when its last id is as
 * old as the window. All of it counts against the node's {@link IndexBudget}.
 *
 * <p>An id is known by 64 bits of a keyed hash, looked for from a slot that follows from 64 others. With 20 million ids in
 * the window about 300 slots are compared for a new one, so that it is taken for another one once in 6 · 10^16 publishes.
 *
 * <p>The time of an id is known to 1/256 of the window, later rather than earlier: nothing is forgotten before its window
 * has passed. Shard's thread only.
 */
public final class DedupWindow implements IdWindow {

    private static final int SMALLEST = 1 << 8;
    private static final int LARGEST = 1 << 21;
    private static final int SLOT_BYTES = 12;
    private static final int GENERATIONS = 8;
    private static final int MARKS = 256;
    /** Between two looks for what is old enough to go, at least. */
    static final long EXPIRY_PAUSE_NANOS = 50_000_000;

    private final IndexBudget budget;
    private final Shard shard;
    private final ShardTimer expiry = new ShardTimer(this::expire);
    private final SipHash hash = new SipHash();
    private final TableSizes sizes;
    private final ArrayDeque<Generation> generations = new ArrayDeque<>();
    private long blindUntil = Long.MIN_VALUE;
    private long window;

    public DedupWindow(IndexBudget budget, Shard shard, long windowNanos) {
        this.budget = budget;
        this.sizes = new TableSizes(budget, SMALLEST, LARGEST, SLOT_BYTES);
        this.shard = shard;
        this.window = windowNanos;
    }

    @Override
    public void window(long nanos) {
        window = nanos;
    }

    @Override
    public long find(String id, long nowNanos) {
        byte[] b = id.getBytes(StandardCharsets.UTF_8);
        hash.identify(b, 0, b.length);
        expire(nowNanos - window);
        for (Iterator<Generation> it = generations.descendingIterator(); it.hasNext();) {
            Generation g = it.next();
            int slot = g.find(hash.low(), hash.high(), nowNanos - window);
            if (slot >= 0) {
                return g.sequence(slot);
            }
        }
        return 0;
    }

    @Override
    public Claim claim(long sequence, long nowNanos) {
        if (window <= 0) {
            return Claim.GRANTED;
        }
        Generation g = nowNanos < blindUntil ? null : current(sequence, nowNanos);
        if (g == null) {
            return Claim.NO_ROOM;
        }
        g.add(hash.low(), hash.high(), sequence, nowNanos, window / MARKS);
        return Claim.GRANTED;
    }

    @Override
    public boolean refer(PublishRequest r, PublishOrigin origin) {
        throw new IllegalStateException("no other partition shares these ids");
    }

    @Override
    public void recovered(byte[] b, int offset, int length, long sequence, long timeNanos) {
        Generation g = current(sequence, timeNanos);
        if (g == null) {
            blindUntil = Math.max(blindUntil, timeNanos + window);
            return;
        }
        hash.identify(b, offset, length);
        g.add(hash.low(), hash.high(), sequence, timeNanos, window / MARKS);
    }

    private Generation current(long sequence, long nowNanos) {
        Generation last = generations.peekLast();
        if (last != null && last.takes(sequence, nowNanos, window / GENERATIONS)) {
            return last;
        }
        if (last != null) {
            sizes.closed(last.capacity(), last.used, last.full());
        }
        int slots = sizes.take();
        if (slots == 0) {
            return null;
        }
        Generation next = new Generation(slots, sequence, nowNanos);
        generations.add(next);
        if (!expiry.set()) {
            shard.set(expiry, shard.clock().nowNanos() + window);
        }
        return next;
    }

    @Override
    public void takeBack(long from, List<MessageId> ids) {
        while (!generations.isEmpty() && generations.getLast().base >= from) {
            drop(generations.removeLast());
        }
        if (!generations.isEmpty()) {
            generations.getLast().forgetFrom(from);
        }
    }

    /** Lets go of what is older. */
    void expire(long before) {
        while (!generations.isEmpty() && generations.getFirst().times.last() <= before) {
            drop(generations.removeFirst());
        }
        if (generations.isEmpty()) {
            sizes.beginAnew();
        }
    }

    /** Generations whose window has passed go also when nobody publishes any more. */
    private void expire() {
        long now = shard.clock().wallNanos();
        expire(now - window);
        if (!generations.isEmpty()) {
            long due = generations.getFirst().times.last() + window - now;
            shard.set(expiry, shard.clock().nowNanos() + Math.max(EXPIRY_PAUSE_NANOS, due));
        }
    }

    @Override
    public void close() {
        shard.cancel(expiry);
        expire(Long.MAX_VALUE);
    }

    private void drop(Generation g) {
        budget.give((long) g.capacity() * SLOT_BYTES);
    }

    /** Bytes of the slots. */
    long bytes() {
        return generations.stream().mapToLong(g -> (long) g.capacity() * SLOT_BYTES).sum();
    }

    /** Ids of some time: a table with open addressing that never grows. */
    private static final class Generation {
        private static final int DEAD = -1;
        private static final long REACH = Integer.MAX_VALUE - 1;

        private final long[] hashes;
        /** Distance to the base plus one; 0 for free. */
        private final int[] sequences;
        private final long base;
        private final long begin;
        private final TimeMarks times;
        private int used;

        private Generation(int capacity, long base, long begin) {
            this.hashes = new long[capacity];
            this.sequences = new int[capacity];
            this.base = base;
            this.begin = begin;
            this.times = new TimeMarks();
        }

        private int capacity() {
            return hashes.length;
        }

        private boolean full() {
            return used >= hashes.length - hashes.length / 7;
        }

        private boolean takes(long sequence, long nowNanos, long ageNanos) {
            return !full() && (used == 0 || nowNanos - begin <= ageNanos) && sequence - base < REACH;
        }

        private void add(long identity, long place, long sequence, long nowNanos, long markNanos) {
            int i = (int) place & hashes.length - 1;
            while (sequences[i] != 0) {
                i = i + 1 & hashes.length - 1;
            }
            hashes[i] = identity;
            sequences[i] = (int) (sequence - base) + 1;
            used++;
            times.add(sequence, nowNanos, markNanos);
        }

        private int find(long identity, long place, long after) {
            int i = (int) place & hashes.length - 1;
            while (sequences[i] != 0) {
                if (hashes[i] == identity && sequences[i] != DEAD && times.at(sequence(i)) > after) {
                    return i;
                }
                i = i + 1 & hashes.length - 1;
            }
            return -1;
        }

        private long sequence(int slot) {
            return base + sequences[slot] - 1;
        }

        private void forgetFrom(long sequence) {
            for (int i = 0; i < sequences.length; i++) {
                if (sequences[i] > 0 && sequence(i) >= sequence) {
                    sequences[i] = DEAD;
                }
            }
            times.forgetFrom(sequence);
        }
    }

    /** Until when the messages from certain sequences on were stored. */
    private static final class TimeMarks {
        private long[] sequences = new long[4];
        private long[] begins = new long[4];
        private long[] ends = new long[4];
        private int size;

        private void add(long sequence, long nowNanos, long markNanos) {
            if (size == 0 || nowNanos - begins[size - 1] > markNanos) {
                if (size == sequences.length) {
                    sequences = Arrays.copyOf(sequences, size * 2);
                    begins = Arrays.copyOf(begins, size * 2);
                    ends = Arrays.copyOf(ends, size * 2);
                }
                sequences[size] = sequence;
                begins[size++] = nowNanos;
            }
            ends[size - 1] = nowNanos;
        }

        private long last() {
            return size == 0 ? Long.MIN_VALUE : ends[size - 1];
        }

        /** The time of a message, or somewhat later. */
        private long at(long sequence) {
            int i = Arrays.binarySearch(sequences, 0, size, sequence);
            return ends[i >= 0 ? i : -i - 2];
        }

        private void forgetFrom(long sequence) {
            while (size > 0 && sequences[size - 1] >= sequence) {
                size--;
            }
        }
    }
}

package org.memphisee.core.partition.publish;

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.memphisee.core.append.Shard;
import org.memphisee.core.partition.index.IndexBudget;

/**
 * The message ids of all partitions of one station that are served here, for stations with more than one partition: an id is
 * taken by one of them. Each partition has a {@link WindowShare} of it. Any thread; what is done for one message holds the
 * monitor of one of {@value #STRIPES} stripes, for as long as it takes to look at some slots (ADR 0056).
 *
 * <p>An id is known by the same bits of a keyed hash as in {@link DedupWindow}. A claim is a positive number made of a
 * partition's place in this window and a sequence; 2^49 sequences are a million a second for 17 years.
 */
public final class StationWindow {

    private static final int STRIPES = 16;
    private static final int SEQUENCE_BITS = 49;
    private static final int MOST_SHARES = 1 << 63 - SEQUENCE_BITS;

    private final WindowStripe[] stripes = new WindowStripe[STRIPES];
    /** By place in this window, which is never given again; null where one has left. */
    private volatile AtomicReferenceArray<WindowShare> shares = new AtomicReferenceArray<>(4);
    private int given;
    private volatile long blindUntil = Long.MIN_VALUE;

    public StationWindow(IndexBudget budget) {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new WindowStripe(budget, this::known);
        }
    }

    static long claim(int partition, long sequence) {
        return (long) partition << SEQUENCE_BITS | sequence;
    }

    static int partition(long claim) {
        return (int) (claim >>> SEQUENCE_BITS);
    }

    static long sequence(long claim) {
        return claim & (1L << SEQUENCE_BITS) - 1;
    }

    /**
     * One more partition.
     *
     * @param shard its shard; the share belongs to that thread
     * @param windowNanos how long its ids are remembered
     * @param holder answers for its messages
     */
    public synchronized WindowShare join(Shard shard, long windowNanos, WindowShare.Holder holder) {
        if (given == MOST_SHARES) {
            throw new IllegalStateException("a station has at most " + MOST_SHARES + " partitions");
        }
        if (given == shares.length()) {
            AtomicReferenceArray<WindowShare> more = new AtomicReferenceArray<>(given * 2);
            for (int i = 0; i < given; i++) {
                more.set(i, shares.get(i));
            }
            shares = more;
        }
        WindowShare share = new WindowShare(this, given, shard, windowNanos, holder);
        shares.set(given++, share);
        return share;
    }

    /** The partition's ids are known no more. What remains is looked after by one of the others. */
    synchronized void leave(int partition) {
        shares.set(partition, null);
        for (int i = 0; i < given; i++) {
            WindowShare left = shares.get(i);
            if (left != null) {
                left.watch();
                return;
            }
        }
        for (WindowStripe stripe : stripes) {
            stripe.clear();
        }
    }

    /** A partition's window is another one from now on. */
    synchronized void windowChanged() {
        long longest = 0;
        for (int i = 0; i < given; i++) {
            WindowShare share = shares.get(i);
            longest = share == null ? longest : Math.max(longest, share.window());
        }
        for (WindowStripe stripe : stripes) {
            stripe.keep(longest);
        }
    }

    /** The share with this place; null when it has left. */
    WindowShare share(int partition) {
        return shares.get(partition);
    }

    /** Where an id is that the second half of its hash belongs to. */
    WindowStripe stripe(long place) {
        return stripes[(int) (place >>> 60)];
    }

    /** Some id that is stored has no room here: until it would be forgotten, none is granted. */
    synchronized void blind(long untilNanos) {
        blindUntil = Math.max(blindUntil, untilNanos);
    }

    /** Before this time no id is granted. */
    long blindUntil() {
        return blindUntil;
    }

    /** Lets go of what is older than all windows; until when something is kept, {@code Long.MAX_VALUE} when nothing is left. */
    long expire(long nowNanos) {
        long first = Long.MAX_VALUE;
        for (WindowStripe stripe : stripes) {
            first = Math.min(first, stripe.expire(nowNanos));
        }
        return first;
    }

    private boolean known(long claim, long timeNanos, long nowNanos) {
        WindowShare share = share(partition(claim));
        return share != null && timeNanos > nowNanos - share.window();
    }

    /** Bytes that it occupies. */
    long bytes() {
        long bytes = 0;
        for (WindowStripe stripe : stripes) {
            bytes += stripe.bytes();
        }
        return bytes;
    }
}

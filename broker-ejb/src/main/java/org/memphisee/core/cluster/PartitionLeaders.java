package org.memphisee.core.cluster;

/**
 * Who decides about which partition, as far as this node knows. Only a hint: the one that is named may have ceased already, and
 * refuses then. Any thread; nothing here waits.
 */
public interface PartitionLeaders {

    /** Hears that some leaders changed; asks again for what it waits for. On any thread: returns at once. */
    @FunctionalInterface
    interface Listener {
        void changed();
    }

    /**
     * Name of the node that decides about a partition.
     *
     * @param partition its number
     * @return empty when nobody does as far as is known, or there is no such partition here
     */
    String leader(long partition);

    /** Whether this node decides about a partition: it serves here, or is about to within the turn of its shard. */
    boolean here(long partition);

    /**
     * Whether nobody else can have decided about a partition up to now, which this node leads: what it has is the newest that there
     * is, also when it was cut off or stood still.
     *
     * @param since when it was asked for, monotonic nanoseconds of this node: that a majority confirmed it later is enough
     * @param now taken before this is asked
     */
    boolean certain(long partition, long since, long now);

    /** Has a listener told of changes until what is returned is closed. */
    Subscription whenChanged(Listener listener);

    /** A listener that can be taken back. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}

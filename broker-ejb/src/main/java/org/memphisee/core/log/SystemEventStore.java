package org.memphisee.core.log;

import java.util.List;

/**
 * Where a node keeps system events whose places are decided elsewhere. Control loop only; outcomes are told there, in order.
 */
public interface SystemEventStore {

    /**
     * An event as it is kept.
     *
     * @param event encoded
     * @param beside the side log that keeps it for people
     * @param atNanos when, nanoseconds since the epoch
     */
    record Stored(byte[] event, SideLog beside, long atNanos) { }

    /**
     * Stores events, all of them or none.
     *
     * @param first index of the first
     * @param position up to where the log of all nodes is stored with them, in the same transaction
     */
    void put(long first, List<Stored> events, StoreChange position, SystemLog.Outcome outcome);

    /** Stores a snapshot that holds everything up to and including the index, and drops older events than keepFrom. */
    void snapshot(long index, byte[] snapshot, long keepFrom);

    /** Has a snapshot in place of everything that is there; the position as with {@link #put}. */
    void begin(long index, byte[] snapshot, StoreChange position, SystemLog.Outcome outcome);
}

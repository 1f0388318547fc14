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
     */
    void put(long first, List<Stored> events, SystemLog.Outcome outcome);

    /** Stores a snapshot that holds everything up to and including the index, and drops older events than keepFrom. */
    void snapshot(long index, byte[] snapshot, long keepFrom);

    /** Has a snapshot in place of everything that is there. */
    void begin(long index, byte[] snapshot, SystemLog.Outcome outcome);
}

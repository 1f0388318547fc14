package org.memphisee.core.log;

/** The log of definitions (D7). Control loop only. */
public interface SystemLog {

    /**
     * Appends one event, and in the same commit to a side log: under its index, as it is.
     *
     * @param event encoded event
     * @param beside the side log that keeps it for people
     * @param atNanos when, nanoseconds since the epoch
     * @param outcome called on the control loop, in order of appending: durable, or refused by the store
     * @return index of the event
     */
    long append(byte[] event, SideLog beside, long atNanos, Outcome outcome);

    /** Stores a snapshot that holds everything up to and including the index, and drops older events than keepFrom. */
    void snapshot(long index, byte[] snapshot, long keepFrom);

    /** Who takes the events that others append to this log, in the one order of all events. Once; a log of one node has none. */
    default void follow(Follower follower) { }

    /** Takes events of others; control loop. */
    interface Follower {

        /** How an event is kept, seen from all that was taken before it. */
        SystemEventStore.Stored kept(byte[] event);

        /** One event more is durable. */
        void followed(long index, byte[] event);
    }

    /** What became of an append. */
    interface Outcome {
        void durable();

        void failed(StoreException cause);
    }
}

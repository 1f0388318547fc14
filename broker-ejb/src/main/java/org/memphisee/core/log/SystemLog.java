package org.memphisee.core.log;

import java.util.Optional;
import java.util.function.Consumer;

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

    /**
     * Has a name to itself among all nodes that append to this log: whoever has it sees everything that was appended by those who
     * had it before. A log of one node has nobody to ask.
     *
     * @param claimed told once, on the control loop, when it has it, or cannot have it
     */
    default void claim(String name, Consumer<Claim> claimed) {
        claimed.accept(Claim.ALONE);
    }

    /** A name that a node has to itself. When it could not be had, all that is appended before it is given back is refused. */
    interface Claim {

        /** Nobody else is there. */
        Claim ALONE = () -> { };

        /** Others may have it. Once. */
        void giveBack();

        /** Why it could not be had. */
        default Optional<StoreException> refused() {
            return Optional.empty();
        }
    }

    /** How the nodes that append to this log share the numbers of things. */
    default NumberShare numbers() {
        return NumberShare.ALL;
    }

    /**
     * The numbers that a node gives out.
     *
     * @param part which of the parts is its own, from 0
     * @param parts how many there are
     */
    record NumberShare(int part, int parts) {

        /** All of them. */
        public static final NumberShare ALL = new NumberShare(0, 1);

        public NumberShare {
            if (part < 0 || part >= parts) {
                throw new IllegalArgumentException("part " + part + " of " + parts);
            }
        }
    }

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

        /** The same, of an event that got another place than the one it was promised: its index. */
        default void durable(long index) {
            durable();
        }

        void failed(StoreException cause);
    }
}

package org.memphisee.core.partition;

/**
 * Where a partition stands, and with that what it may do: everybody who is about to take, answer or write something for it
 * asks here.
 */
public enum PartitionLife {

    /** What is stored of it is read and its consumers are brought back; what is published meanwhile waits. */
    OPENING(true, false),
    /** It copies what another broker decides: it takes nothing itself. */
    FOLLOWING(true, false),
    /** All is well. */
    SERVING(true, true),
    /** A read or write failed (P3): it takes no publishes; what is known for sure is still given out and acknowledged. */
    FROZEN(true, true),
    /**
     * What is stored of it is damaged and could not be read back (P2): nothing is known for sure, so nothing is answered but
     * that, and nothing of it is changed in the store, until it was mended or the stream is deleted.
     */
    FAILED(false, false),
    /** Removed. */
    CLOSED(false, false),
    /** Another broker decides: this object may have what will never be decided, and answers nothing. The partition is there. */
    CEASED(false, false);

    private final boolean known;
    private final boolean writing;

    PartitionLife(boolean known, boolean writing) {
        this.known = known;
        this.writing = writing;
    }

    /** Whether what is stored and consumed is known and may be given out. */
    boolean known() {
        return known;
    }

    /** Whether this object is of no use any more, for one reason or the other. */
    boolean over() {
        return this == CEASED || this == CLOSED;
    }

    /** Whether the store may be changed for it. */
    boolean writes() {
        return writing;
    }
}

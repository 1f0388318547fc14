package org.memphisee.core.cluster.link;

/**
 * What goes over a link, most urgent first. Frames of one kind arrive in the order in which they were sent; kinds overtake each
 * other. The order is part of the wire format: new kinds come last.
 */
public enum Traffic {

    /** Small things that decide who leads: beats, votes. */
    CONTROL(true),
    /** Entries of replicated groups and answers to them. */
    RAFT(true),
    /** What clients of this node want of partitions that another one leads. */
    REQUESTS(false),
    /** Answers to those, and deliveries. */
    ANSWERS(false),
    /** Interest in plain subjects, and their messages. */
    PLAIN(false),
    /** Copies of batches, in pieces of at most 256 KiB; waits for all others. */
    BULK(false);

    private final boolean express;

    Traffic(boolean express) {
        this.express = express;
    }

    /** Whether it goes at once, past everything that waits. */
    boolean express() {
        return express;
    }
}

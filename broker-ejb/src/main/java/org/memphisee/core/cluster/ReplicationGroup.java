package org.memphisee.core.cluster;

/**
 * Makes changes durable, on one node or on several. What is proposed keeps its order; each proposal ends once, in one of the
 * four ways of {@link WriteOutcome}, and not before its changes and all proposed before them by the same shard are durable,
 * or certainly never will be, or nobody can tell. Proposed on one shard's thread.
 */
public interface ReplicationGroup {

    /** Proposes changes; their {@link Proposal#ending} is told on the thread that learned of it, and must hand over at once. */
    void propose(Proposal proposal);

    /**
     * Up to so many bytes are made durable without another thread, while nothing else is on its way: whoever gathers lets
     * small proposals come one at a time.
     */
    int smallBytes();
}

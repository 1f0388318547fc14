package org.memphisee.cluster.broker;

/** Told what an operator should know of a node's cluster. Any thread; does not wait. */
public interface ClusterReport {

    /** The cluster is formed, or was when this node started. */
    void formed(String cluster);

    /** What keeps this node from being one of the cluster, with the remedy; told when it changes. */
    void waits(String why);

    /** Another node leads the definitions from now on; empty when none is known. */
    void leads(String node);

    /**
     * This node was given all definitions anew while it served, and serves them when it was closed and opened again, which whoever
     * runs it now does on another thread. Once.
     */
    void outdated();

    /** This node lacks what its journal does not have any more, and is rebuilt by the others. */
    void behind(String of);

    /** What it lacked was taken from the one who leads that. */
    default void rebuilt(String what) { }

    /** Something in this node's store is not what was written; it is looked for on the other nodes. */
    default void damaged(String what) { }

    /** It was taken from another node, and is in this node's store again. */
    default void mended(String what, String from) { }

    /** Nodes store different records, each with a checksum that fits; with a majority for one it is mended. */
    default void differs(String what, String nodes, boolean decided) { }

    /** No node has it. */
    default void notMended(String why) { }

    /** This node has no room, so that others are to lead what it leads; or it has room again. */
    default void full(boolean now) { }

    /** A part of this node's work in the cluster ended, and goes on with the next start. */
    void failed(String what, String why, Throwable cause);

    /** A peer says what this release cannot read. */
    void notUnderstood(String peer, String why);

    /** Clients of a peer listen to more than this node has memory for. */
    void interestRefused(String peer, int patterns);
}

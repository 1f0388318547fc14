package org.memphisee.cluster.data;

import java.util.Collection;

/** What people should hear of groups of partitions. The node's loop. */
public interface DataReport {

    /** A group that lacked something, or all of it, was rebuilt from the one who leads it. */
    default void rebuilt(long group) { }

    /** A value of this node's store is not what was written; it is looked for on the others. */
    default void damaged(String what) { }

    /** What was damaged was taken from another node, and is in this node's store again. */
    default void mended(String what, String from) { }

    /**
     * Nodes store different records, each with a checksum that fits.
     *
     * @param nodes that have another one than this node, which leads
     * @param decided whether a majority agrees, so that it is mended
     */
    default void differs(String what, Collection<String> nodes, boolean decided) { }

    /** No node has what is damaged here. */
    default void notMended(String why) { }

    /** This node lacks what no member keeps, and takes part again when it was rebuilt. Once for each time. */
    void behind(long group);

    /** Another node leads from now on, or nobody does (empty). */
    void leader(long group, String name);
}

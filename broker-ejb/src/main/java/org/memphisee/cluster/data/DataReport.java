package org.memphisee.cluster.data;

/** What people should hear of groups of partitions. The node's loop. */
public interface DataReport {

    /** A group that lacked something, or all of it, was rebuilt from the one who leads it. */
    default void rebuilt(long group) { }

    /** A value of this node's store is not what was written; it is looked for on the others. */
    default void damaged(String what) { }

    /** What was damaged was taken from another node, and is in this node's store again. */
    default void mended(String what, String from) { }

    /** No node has what is damaged here. */
    default void notMended(String why) { }

    /** This node lacks what no member keeps, and takes part again when it was rebuilt. Once for each time. */
    void behind(long group);

    /** Another node leads from now on, or nobody does (empty). */
    void leader(long group, String name);
}

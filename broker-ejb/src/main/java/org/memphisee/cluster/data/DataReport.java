package org.memphisee.cluster.data;

/** What people should hear of groups of partitions. The node's loop. */
public interface DataReport {

    /** A group that lacked something, or all of it, was rebuilt from the one who leads it. */
    default void rebuilt(long group) { }

    /** This node lacks what no member keeps, and takes part again when it was rebuilt. Once for each time. */
    void behind(long group);

    /** Another node leads from now on, or nobody does (empty). */
    void leader(long group, String name);
}

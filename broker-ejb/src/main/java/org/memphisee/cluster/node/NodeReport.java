package org.memphisee.cluster.node;

/** Told what an operator should know of a node's groups; on the loop, and does not throw. */
public interface NodeReport {

    /** A peer sends what this release cannot read. Told again and again. */
    void notUnderstood(String peer, String why);

    /** A group takes no more part; the others go on. */
    void groupFailed(long group, String why, Throwable cause);

    /** Something failed that is no group's: a defect. */
    void unexpected(Throwable cause);
}

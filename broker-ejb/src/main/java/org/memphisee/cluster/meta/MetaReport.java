package org.memphisee.cluster.meta;

/** Told what an operator should know of the definitions of a cluster; on the node's loop, and does not throw. */
public interface MetaReport {

    /** The cluster is formed, or was when this node started. */
    void formed(String cluster);

    /** What keeps it from being formed, with the remedy; told when it changes. */
    void waits(String why);

    /**
     * This node was away for so long that it took all definitions anew from the one who leads them, and takes no more part in them
     * until it is started again: whoever runs the node closes its broker and opens it again. Told once.
     */
    void behind();

    /** This node takes no more part in the definitions until it is started again. */
    void failed(String why);
}

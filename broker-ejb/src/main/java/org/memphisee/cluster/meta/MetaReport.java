package org.memphisee.cluster.meta;

/** Told what an operator should know of the definitions of a cluster; on the node's loop, and does not throw. */
public interface MetaReport {

    /** The cluster is formed, or was when this node started. */
    void formed(String cluster);

    /** What keeps it from being formed, with the remedy; told when it changes. */
    void waits(String why);

    /** This node lacks what nobody keeps: it is to rebuild, and takes no part until then. */
    void behind();

    /** This node takes no more part in the definitions until it is started again. */
    void failed(String why);
}

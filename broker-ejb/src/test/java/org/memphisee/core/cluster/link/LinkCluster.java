package org.memphisee.core.cluster.link;

import java.util.function.BooleanSupplier;

/** Three nodes a, b and c that link to each other, for the contract; each implementation of links has its own. */
public interface LinkCluster extends AutoCloseable {

    PeerLinks links(String node);

    LinkProbe probe(String node);

    /** Lets things happen until something is so, or fails. */
    void until(String what, BooleanSupplier condition);

    /** Breaks the connection between two nodes. */
    void breakConnection(String one, String other);

    /** Nothing that is sent to this node is read, and it sends nothing; its connections stay open. */
    void freeze(String node);

    void thaw(String node);

    /** The node's process ends without a word. Its name can be {@link #start started} again. */
    void kill(String node);

    /** The node starts, with another incarnation than before. */
    void start(String node);

    @Override
    void close();
}

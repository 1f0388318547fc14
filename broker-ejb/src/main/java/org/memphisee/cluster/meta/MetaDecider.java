package org.memphisee.cluster.meta;

/** Decides about requests, at the node that leads the definitions. */
@FunctionalInterface
public interface MetaDecider {

    /**
     * Decides. Control loop.
     *
     * @param request what was asked for, at this node or another one
     * @param answer told once, on any thread, when what it answers for is durable and in effect here
     */
    void decide(byte[] request, MetaAnswer answer);
}

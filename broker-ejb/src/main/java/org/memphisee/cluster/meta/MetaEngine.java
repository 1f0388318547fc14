package org.memphisee.cluster.meta;

import org.memphisee.core.control.ChangeResult;

/** The engine of the node that leads the definitions, as the other nodes use it. Control loop. */
@FunctionalInterface
public interface MetaEngine {

    /** Appends what another node decided and wrote, under names that it has. */
    void append(byte[] event, ChangeResult result);
}

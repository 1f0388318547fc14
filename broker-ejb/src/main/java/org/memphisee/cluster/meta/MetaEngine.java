package org.memphisee.cluster.meta;

import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.DefinitionsSnapshot;

/** The control engine of a node, as the other nodes use it. */
public interface MetaEngine {

    /** Appends what another node decided and wrote, under names that it has; at the node that leads. Control loop. */
    void append(byte[] event, ChangeResult result);

    /** The definitions as they are at one moment, told on the control loop: for members that must rebuild. Any thread. */
    CompletableFuture<DefinitionsSnapshot> snapshot();
}

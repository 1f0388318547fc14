package org.memphisee.core.control;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.PartitionOperations;

/** What became of a change. Exactly one of the methods is called, once. */
public interface ChangeResult {

    /** Nobody wants to know. */
    ChangeResult IGNORED = new ChangeResult() {
        @Override
        public void effective() { }

        @Override
        public void failed(StoreException cause) { }
    };

    /** The change is durable and clients see it. Control loop or a shard's thread. */
    void effective();

    /** Same for a change of one consumer, on its shard's thread: what is answered now precedes its first delivery. */
    default void effectiveOn(PartitionOperations partition) {
        effective();
    }

    /** The store did not take it; nothing has changed. Control loop. */
    void failed(StoreException cause);
}

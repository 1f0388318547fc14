package org.memphisee.core;

import org.memphisee.core.log.StoreException;

/** What the broker tells its operator. Any thread; must not block. */
public interface BrokerEvents {

    /** Publishes are refused because there is no room to store, or are accepted again. */
    void storageFull(boolean full);

    /** A partition's records cannot be read or written; it takes no more publishes (P2, P3). */
    void partitionFrozen(String stream, StoreException cause);

    /** Something that should not happen happened in the thread; it goes on. */
    void unexpected(String where, Throwable cause);
}

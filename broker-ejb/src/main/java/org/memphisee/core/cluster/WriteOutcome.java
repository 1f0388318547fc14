package org.memphisee.core.cluster;

import org.memphisee.core.log.StoreException;

/** What became of proposed changes. */
public sealed interface WriteOutcome {

    /** All of them are durable; with a proposal that does not ask for a sync, written. */
    record Committed() implements WriteOutcome { }

    /** They are not durable, or nobody knows. */
    sealed interface Failed extends WriteOutcome {

        /** Why. */
        StoreException cause();
    }

    /**
     * Nothing of them is there. The same, or something smaller, may pass later: the disk is full. What was proposed behind
     * the same fence is refused too, until its owner begins a new one.
     *
     * @param cause why
     */
    record Refused(StoreException cause) implements Failed { }

    /**
     * Nothing of them is there, and never will be through this group: it takes nothing any more.
     *
     * @param cause why
     */
    record Lost(StoreException cause) implements Failed { }

    /**
     * They may be there or not: a write failed on its way. Only a recovery tells; until then nothing of them may be given
     * out, and nothing that they took may be given to others.
     *
     * @param cause why
     */
    record Unknown(StoreException cause) implements Failed { }

    /** Done. */
    WriteOutcome COMMITTED = new Committed();
}

package org.memphisee.core.cluster;

import org.memphisee.core.log.StoreException;

/** What became of proposed changes. */
public sealed interface WriteOutcome {

    /** All of them are durable; with a proposal that does not ask for a sync, written. */
    record Committed() implements WriteOutcome { }

    /**
     * Nothing of them is there. The same, or something smaller, may pass later: the disk is full. What was proposed behind
     * the same fence is refused too, until its owner begins a new one.
     *
     * @param cause why
     */
    record Refused(StoreException cause) implements WriteOutcome { }

    /**
     * Nothing of them is there, and never will be through this group: it takes nothing any more.
     *
     * @param cause why
     */
    record Lost(StoreException cause) implements WriteOutcome { }

    /**
     * They may be there or not: a write failed on its way. Only a recovery tells; until then nothing of them may be given
     * out, and nothing that they took may be given to others.
     *
     * @param cause why
     */
    record Unknown(StoreException cause) implements WriteOutcome { }

    /** Done. */
    WriteOutcome COMMITTED = new Committed();

    /** Why it was not committed. */
    static StoreException cause(WriteOutcome failure) {
        if (failure instanceof Refused refused) {
            return refused.cause();
        } else if (failure instanceof Lost lost) {
            return lost.cause();
        } else if (failure instanceof Unknown unknown) {
            return unknown.cause();
        }
        throw new IllegalArgumentException("nothing failed");
    }
}

package org.memphisee.core.cluster;

import org.memphisee.core.log.StoreException;

/** A change that this node asked a group for has not become true here; the message says the remedy. The store is well. */
public final class UndecidedException extends StoreException {

    private static final long serialVersionUID = 1;

    private final Outcome outcome;

    /** What became of the change. */
    public enum Outcome {
        /** Nothing was done, and nothing will be. The same may pass when it is asked again. */
        REFUSED,
        /** It was on its way, and certainly never will be true: a later leader began without it. It may be asked again. */
        LOST,
        /** It may become true, or be true already. Look before asking again. */
        UNKNOWN
    }

    /** One with its remedy in words. */
    public UndecidedException(Outcome outcome, String message) {
        super(message, null, false);
        this.outcome = outcome;
    }

    /** What became of the change. */
    public Outcome outcome() {
        return outcome;
    }
}

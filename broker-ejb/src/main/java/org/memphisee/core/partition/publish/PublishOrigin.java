package org.memphisee.core.partition.publish;

import org.memphisee.port.PublishRequest;

/** Whoever published a message and hears what became of it. Called on the shard's thread. */
public interface PublishOrigin {

    /** Nobody waits, and nothing is kept of who it was: the broker itself, or a client that asked for no answer. */
    PublishOrigin NOBODY = (request, outcome) -> { };

    /** Whether the message is still to be stored; asked right before it would be. */
    default boolean wanted() {
        return true;
    }

    /** Whether the message is one that the broker has as a dead letter: when it is refused it does not become another one. */
    default boolean deadLetter() {
        return false;
    }

    /**
     * What became of the message.
     *
     * @param request what was published, or no more of it than its reply subject
     */
    void ended(PublishRequest request, PublishOutcome outcome);
}

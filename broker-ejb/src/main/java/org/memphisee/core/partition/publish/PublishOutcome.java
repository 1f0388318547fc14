package org.memphisee.core.partition.publish;

/**
 * What became of a publish: its origin hears one of these, once. How a door says it is the door's business.
 */
public sealed interface PublishOutcome {

    /**
     * The message is durable.
     *
     * @param stream the stream that has it: of another partition, when that one had the message id first
     * @param sequence its sequence there
     * @param duplicate whether it was there already, under the same message id
     */
    record Stored(String stream, long sequence, boolean duplicate) implements PublishOutcome { }

    /**
     * The message is not stored.
     *
     * @param stream the stream that was to have it
     * @param reason why
     * @param detail what belongs to the reason's description, may be empty
     */
    record Refused(String stream, PublishRefusal reason, String detail) implements PublishOutcome {

        /** The reason in words, for the client. */
        public String text() {
            return reason.description() + detail;
        }
    }

    /**
     * The message may be stored or not: its write failed on the way. Publishing it again with the same message id, after the
     * stream was recovered, stores it once.
     *
     * @param stream the stream that was to have it
     * @param cause what failed
     */
    record Unknown(String stream, String cause) implements PublishOutcome {

        /** The same in words, for the client. */
        public String text() {
            return "a write failed, and only a restart tells whether the message is stored, see the server's log: " + cause;
        }
    }

    /**
     * The message may be stored or not: whoever served its partition went away before that was known. Publishing it again with the
     * same message id stores it once.
     *
     * @param stream the stream that was to have it
     * @param cause what happened
     */
    record Undecided(String stream, String cause) implements PublishOutcome {

        /** The same in words, for the client. */
        public String text() {
            return "JetStream system temporarily unavailable: it is not known whether the message is stored, publish it again with "
                + "the same message id: " + cause;
        }
    }
}

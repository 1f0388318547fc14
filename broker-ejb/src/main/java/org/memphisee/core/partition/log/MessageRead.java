package org.memphisee.core.partition.log;

import java.util.Optional;

/** What became of the reading of one stored message. Whoever asks hears one of these, exactly once. */
public sealed interface MessageRead {

    /** There is no such message, or none any more. */
    MessageRead GONE = new Gone();

    /** The message, when it was found. */
    default Optional<StoredMessage> found() {
        return Optional.empty();
    }

    /** Why nothing is known of it: what cannot be read, and what helps; empty when it was found or is not there. */
    default String problem() {
        return "";
    }

    /** It is there. */
    record Found(StoredMessage message) implements MessageRead {
        @Override
        public Optional<StoredMessage> found() {
            return Optional.of(message);
        }
    }

    /** It is not there. */
    record Gone() implements MessageRead { }

    /** It is stored, or may be, but its record cannot be read. */
    record Unreadable(String problem) implements MessageRead { }

    /** Nothing is known of the whole stream. */
    record Offline(String problem) implements MessageRead { }
}

package org.memphisee.core.station;

/** The limits of a stream that refuses instead of dropping (discard new). Shard's thread only. */
final class LimitCheck {

    private final StoredMessages messages;

    LimitCheck(StoredMessages messages) {
        this.messages = messages;
    }

    /** The text of the limit that one more message would exceed, empty for none. */
    String exceeded(StreamConfig config, SubjectEntry subject, long accounted, long uncommitted, long uncommittedBytes) {
        long perSubject = config.maxMsgsPerSubject();
        boolean subjectFull = perSubject > 0 && subject.count + subject.uncommitted >= perSubject;
        if (subjectFull && config.discardNewPerSubject()) {
            return "maximum messages per subject exceeded";
        }
        // a full subject gives up its oldest message for the new one, so the total does not grow
        long replaced = subjectFull ? 1 : 0;
        if (config.maxMsgs() > 0 && messages.count() + uncommitted + 1 - replaced > config.maxMsgs()) {
            return "maximum messages exceeded";
        }
        if (config.maxBytes() > 0 && messages.bytes() + uncommittedBytes + accounted > config.maxBytes()) {
            return "maximum bytes exceeded";
        }
        return "";
    }
}

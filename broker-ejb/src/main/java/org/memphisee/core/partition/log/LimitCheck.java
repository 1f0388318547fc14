package org.memphisee.core.partition.log;

import org.memphisee.core.stream.StreamConfig;

/** The limits of a stream that refuses instead of dropping (discard new). Shard's thread only. */
public final class LimitCheck {

    private final StoredMessages messages;

    public LimitCheck(StoredMessages messages) {
        this.messages = messages;
    }

    /** Whether a subject with so many messages, committed or not, has as many as it may: the next one replaces the oldest. */
    public static boolean subjectFull(StreamConfig config, long ofSubject) {
        return config.maxMsgsPerSubject() > 0 && ofSubject >= config.maxMsgsPerSubject();
    }

    /**
     * The text of the limit that one more message would exceed, empty for none.
     *
     * @param ofSubject messages of its subject, committed or not
     * @param accounted its bytes
     * @param uncommitted by how many messages those on their way will make the stream larger
     * @param uncommittedBytes bytes of those
     */
    public String exceeded(StreamConfig config, long ofSubject, long accounted, long uncommitted, long uncommittedBytes) {
        boolean subjectFull = subjectFull(config, ofSubject);
        if (subjectFull && config.discardNewPerSubject()) {
            return "maximum messages per subject exceeded";
        }
        // a full subject gives up its oldest message for the new one, so the total does not grow
        if (config.maxMsgs() > 0 && !subjectFull && messages.count() + uncommitted + 1 > config.maxMsgs()) {
            return "maximum messages exceeded";
        }
        if (config.maxBytes() > 0 && messages.bytes() + uncommittedBytes + accounted > config.maxBytes()) {
            return "maximum bytes exceeded";
        }
        return "";
    }
}

package org.memphisee.core.partition.publish;

import java.nio.charset.StandardCharsets;

import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.LimitCheck;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.subject.Subjects;
import org.memphisee.port.PublishRequest;

/**
 * What is asked of a message before it gets a sequence, in the specified order (jetstream-api.md 5.6): {@link #stream}, then
 * whether it is a duplicate, {@link #expectations}, {@link #form}, {@link #room}, and {@link #limits} last. Each tells the
 * first thing that is wrong, or null. Shard's thread only.
 */
final class PublishChecks {

    private static final int MAX_HEADERS = 65_535;

    private final ShardResources resources;
    private final StoredMessages messages;
    private final PublishHeaders headers;
    private final LimitCheck limits;
    private StreamConfig config;
    private String detail = "";

    /**
     * Checks for one partition.
     *
     * @param headers those of the message that is being checked
     */
    PublishChecks(StreamConfig config, ShardResources resources, StoredMessages messages, PublishHeaders headers) {
        this.config = config;
        this.resources = resources;
        this.messages = messages;
        this.headers = headers;
        this.limits = new LimitCheck(messages);
    }

    void config(StreamConfig next) {
        config = next;
    }

    /** What belongs to the refusal that was told last, may be empty. */
    String detail() {
        return detail;
    }

    /** Whether the stream takes messages, and is the one that is meant. */
    PublishRefusal stream() {
        detail = "";
        if (config.sealed()) {
            return PublishRefusal.SEALED;
        }
        return headers.expectedStream != null && !headers.expectedStream.equals(config.name()) ? PublishRefusal.WRONG_STREAM : null;
    }

    /** Whether what the publisher expects of the stream is so. */
    PublishRefusal expectations(PublishRequest r, long lastAssigned, String lastMessageId) {
        detail = "";
        PublishRefusal unserved = headers.unserved(r);
        if (unserved != null) {
            return unserved;
        }
        if (headers.expectedLastSubjectSequence != PublishHeaders.ABSENT
            && headers.expectedLastSubjectSequence != lastOf(r)) {
            detail = Long.toString(lastOf(r));
            return PublishRefusal.WRONG_LAST_SEQUENCE;
        }
        if (headers.expectedLastSequence != PublishHeaders.ABSENT && headers.expectedLastSequence != lastAssigned) {
            detail = Long.toString(lastAssigned);
            return PublishRefusal.WRONG_LAST_SEQUENCE;
        }
        if (headers.expectedLastMsgId != null && !headers.expectedLastMsgId.equals(lastMessageId)) {
            detail = lastMessageId;
            return PublishRefusal.WRONG_LAST_ID;
        }
        return null;
    }

    /** Whether it may be as it is. */
    PublishRefusal form(PublishRequest r) {
        detail = "";
        if (headers.rollup != null && (!config.allowRollup() || !headers.knownRollup())) {
            return PublishRefusal.ROLLUP;
        }
        if (config.maxMsgSize() >= 0 && r.bodyLength() > config.maxMsgSize()) {
            return PublishRefusal.TOO_LARGE;
        }
        return r.headerLength() > MAX_HEADERS ? PublishRefusal.HEADERS_TOO_LARGE : null;
    }

    /** Whether disk or memory take it, and its subject can be one. */
    PublishRefusal room(PublishRequest r, long uncommittedBytes) {
        detail = "";
        boolean full = messages.file() ? resources.guard().full()
            : !resources.guard().memory().admits(uncommittedBytes + r.subjectLength() + r.bodyLength());
        if (full) {
            return PublishRefusal.NO_ROOM;
        }
        return Subjects.validPattern(r.bytes(), r.subjectOffset(), r.subjectLength()) ? null : PublishRefusal.INVALID_SUBJECT;
    }

    /** Whether the stream's own limits, and the memory for subjects, take it. */
    PublishRefusal limits(PublishRequest r, long accounted, long uncommittedGrowth, long uncommittedBytes) {
        detail = "";
        if (config.discard() == StreamConfig.Discard.NEW && headers.rollup == null) {
            detail = limits.exceeded(config, messagesOf(r), accounted, uncommittedGrowth, uncommittedBytes);
            if (!detail.isEmpty()) {
                return PublishRefusal.LIMIT;
            }
        }
        return messages.subjectIndex().admits(r.bytes(), r.subjectOffset(), r.subjectLength()) ? null
            : PublishRefusal.NO_ROOM_FOR_SUBJECT;
    }

    /** Messages of the subject, committed or not; it is not remembered for the question. */
    private long messagesOf(PublishRequest r) {
        SubjectEntry e = messages.subjectIndex().find(r.bytes(), r.subjectOffset(), r.subjectLength());
        return e == null ? 0 : e.count + e.uncommitted;
    }

    /** Last sequence of the subject that the expectation speaks of. */
    private long lastOf(PublishRequest r) {
        SubjectEntry e;
        if (headers.expectedSubject == null) {
            e = messages.subjectIndex().find(r.bytes(), r.subjectOffset(), r.subjectLength());
        } else {
            byte[] other = headers.expectedSubject.getBytes(StandardCharsets.UTF_8);
            e = messages.subjectIndex().find(other, 0, other.length);
        }
        return e == null ? 0 : e.assignedLast;
    }
}

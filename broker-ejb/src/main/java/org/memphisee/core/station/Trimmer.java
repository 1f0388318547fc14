package org.memphisee.core.station;

import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.SubjectCount;

/**
 * Removes what the limits of the stream no longer allow: per subject first, then the stream's count and bytes, then age
 * (jetstream-api.md 5.6). Whole batches go by their summary; only the batch in which the limit falls is read. When that
 * must come from the disk, the rest waits for it. Shard's thread only.
 */
final class Trimmer {

    private static final long MIN_WAIT_NANOS = 50_000_000;

    private final StoredMessages messages;
    private final ShardResources resources;
    private final Removals removals;
    private final ShardTimer ageTimer = new ShardTimer(this::run);
    private final MessageView view = new MessageView();
    private StreamConfig config;
    private boolean unclaimed;

    Trimmer(StreamConfig config, StoredMessages messages, ShardResources resources, Removals removals) {
        this.config = config;
        this.messages = messages;
        this.resources = resources;
        this.removals = removals;
        if (config.maxMsgsPerSubject() > 0) {
            messages.subjectIndex().keepSequences();
        }
    }

    /** Applies changed limits. */
    void config(StreamConfig next) {
        config = next;
        if (config.maxMsgsPerSubject() > 0 && !messages.subjectIndex().keepsSequences()) {
            messages.subjectIndex().keepSequences();
            for (int i = 0; i < messages.batches().size(); i++) {
                StoredBatch b = messages.batches().get(i);
                addSequences(b, messages.require(b));
            }
        }
        trimSubjects();
        run();
    }

    private void addSequences(StoredBatch b, byte[] record) {
        for (int k = 0; record != null && k < b.summary.count(); k++) {
            MessageBatch.view(record, k, view);
            if (!b.removed(view.sequence)) {
                messages.subjectIndex().entry(record, view.subjectOffset, view.subjectLength)
                    .sequences.add(view.sequence);
            }
        }
    }

    /** A batch was committed: its messages count for their subjects before anything is removed for it. */
    void count(StoredBatch batch) {
        if (messages.subjectIndex().keepsSequences()) {
            addSequences(batch, batch.record);
        }
    }

    /** Interest retention without consumers: messages are kept for the configured time (D14). */
    void unclaimed(boolean nobodyConsumes) {
        if (unclaimed != nobodyConsumes) {
            unclaimed = nobodyConsumes;
            run();
        }
    }

    private long maxAgeNanos() {
        return unclaimed && config.unclaimedAgeNanos() > 0
            && (config.maxAgeNanos() <= 0 || config.maxAgeNanos() > config.unclaimedAgeNanos())
            ? config.unclaimedAgeNanos() : config.maxAgeNanos();
    }

    void stop() {
        resources.shard().cancel(ageTimer);
    }

    /** After a commit: its subjects may have one message too many. */
    void committed(StoredBatch batch) {
        if (trimsSubjects()) {
            for (SubjectCount s : batch.summary.subjects()) {
                SubjectEntry e = messages.subjectIndex().find(s.subject());
                if (e != null) { // else a later message of the batch has replaced what it had
                    trimSubject(e);
                }
            }
        }
        run();
    }

    /** All subjects: the per-subject limit was lowered. */
    void trimSubjects() {
        if (trimsSubjects()) {
            messages.subjectIndex().forEach(SubjectFilter.EVERYTHING, this::trimSubject);
        }
    }

    /** A stream that refuses new messages of a full subject never removes old ones in their place. */
    private boolean trimsSubjects() {
        return config.maxMsgsPerSubject() > 0 && !(refusesNew() && config.discardNewPerSubject());
    }

    private boolean refusesNew() {
        return config.discard() == StreamConfig.Discard.NEW;
    }

    private void trimSubject(SubjectEntry e) {
        while (e.sequences != null && e.sequences.size() > config.maxMsgsPerSubject()) {
            long oldest = e.sequences.first();
            e.sequences.remove(oldest);
            removals.remove(oldest, found -> { });
        }
    }

    /** Applies the stream's limits. */
    void run() {
        while (messages.batches().size() > 0) {
            StoredBatch head = messages.batches().first();
            if (head.merging) {
                return; // the merger runs us again when it is done
            }
            if (head.live() == 0) {
                removals.drop(0);
                continue;
            }
            long cutoff = cutoff();
            if (!overCount() && !overBytes() && head.summary.firstTimestampNanos() > cutoff) {
                break;
            }
            boolean whole = limitsCount() && messages.count() - head.live() >= config.maxMsgs()
                || limitsBytes() && messages.bytes() - head.liveBytes() >= config.maxBytes()
                || head.summary.lastTimestampNanos() <= cutoff;
            if (whole && (head.record != null || messages.droppableUnread(head))) {
                removals.drop(0);
                continue;
            }
            if (head.record == null) {
                messages.with(head, this::run);
                return;
            }
            if (!trimInside(head, cutoff)) {
                break;
            }
        }
        scheduleAge();
    }

    /** Removes from the front of a batch; false when the limits are kept now. */
    private boolean trimInside(StoredBatch head, long cutoff) {
        int n = head.summary.count();
        for (int k = 0; k < n; k++) {
            MessageBatch.view(head.record, k, view);
            if (head.removed(view.sequence)) {
                continue;
            }
            if (!overCount() && !overBytes() && view.timestampNanos > cutoff) {
                return false;
            }
            messages.remove(head, view);
            removals.removed(view.sequence, view.sequence);
        }
        return true;
    }

    private boolean overCount() {
        return limitsCount() && messages.count() > config.maxMsgs();
    }

    private boolean overBytes() {
        return limitsBytes() && messages.bytes() > config.maxBytes();
    }

    /** A full stream that refuses new messages keeps the old ones, also when the limit was lowered below them. */
    private boolean limitsCount() {
        return config.maxMsgs() > 0 && !refusesNew();
    }

    private boolean limitsBytes() {
        return config.maxBytes() > 0 && !refusesNew();
    }

    private long cutoff() {
        long maxAge = maxAgeNanos();
        return maxAge <= 0 ? Long.MIN_VALUE : resources.shard().clock().wallNanos() - maxAge;
    }

    private void scheduleAge() {
        long maxAge = maxAgeNanos();
        if (maxAge <= 0 || messages.count() == 0) {
            resources.shard().cancel(ageTimer);
            return;
        }
        long due = messages.firstTimeNanos() + maxAge - resources.shard().clock().wallNanos();
        resources.shard().set(ageTimer, resources.shard().clock().nowNanos() + Math.max(MIN_WAIT_NANOS, due));
    }
}

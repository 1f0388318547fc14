package org.memphisee.core.partition.retention;

import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.BatchWalk;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.RecordLoading;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.tier.Retirement;

/**
 * Removes what the limits of the stream no longer allow: per subject first, then the stream's count and bytes, then age
 * (jetstream-api.md 5.6). Whole batches go by their summary; only the batch in which the limit falls is read. When that
 * must come from the disk, the rest waits for it. Shard's thread only.
 */
public final class Trimmer {

    private static final long MIN_WAIT_NANOS = 50_000_000;

    private final StoredMessages messages;
    private final ShardResources resources;
    private final Removals removals;
    private final TierGate gate;
    private final ShardTimer ageTimer = new ShardTimer(this::run);
    private final MessageView view = new MessageView();
    private StreamConfig config;
    private boolean unclaimed;
    /** Names the walk that gathers sequences, null when none does. */
    private Object gathering;
    /** The batch whose record is asked for, null for none. */
    private StoredBatch awaited;
    /** Removals that have begun and not ended: what they take the limits of the stream need not. */
    private int removing;
    /** The limits are to be applied when these have ended. */
    private boolean deferred;
    private boolean stopped;
    /** Whether what is to go is decided elsewhere. */
    private boolean follows;

    /** Limits that are applied at once unless the partition {@code holds} what they remove for the second tier. */
    public Trimmer(StreamConfig config, StoredMessages messages, ShardResources resources, Removals removals, boolean holds) {
        this.config = config;
        this.messages = messages;
        this.resources = resources;
        this.removals = removals;
        this.gate = new TierGate(this, messages, resources, holds);
        messages.subjectIndex().limit(config.maxMsgsPerSubject());
    }

    /** What waits for the second tier. */
    public Retirement retirement() {
        return gate;
    }

    /** Whether limits are applied here and now. */
    boolean decides() {
        return !stopped && !follows;
    }

    /** Applies changed limits. */
    public void config(StreamConfig next) {
        config = next;
        boolean kept = messages.subjectIndex().keepsSequences();
        messages.subjectIndex().limit(config.maxMsgsPerSubject());
        if (messages.subjectIndex().keepsSequences() && !kept) {
            gatherSequences();
        } else if (kept && !messages.subjectIndex().keepsSequences()) {
            gathering = null;
            messages.subjectIndex().stopSequences();
        }
        trimSubjects();
        run();
    }

    /**
     * Each subject learns the sequences of its messages, batch by batch, while others have their turns. Until that is done no
     * subject is trimmed; what is committed meanwhile is met at the end.
     */
    private void gatherSequences() {
        messages.subjectIndex().startSequences();
        Object mine = new Object();
        gathering = mine;
        BatchWalk.up(messages, 1, (b, from, to, summary) -> {
            if (gathering != mine) {
                return BatchWalk.Next.ENOUGH;
            }
            if (b.record == null) {
                return BatchWalk.Next.RECORD;
            }
            addSequences(b, from);
            return BatchWalk.Next.GO_ON;
        }, all -> {
            if (all && gathering == mine) {
                gathering = null;
                trimSubjects();
            }
        });
    }

    private void addSequences(StoredBatch b, long from) {
        for (int k = MessageBatch.indexOf(b.record, from); k < b.count(); k++) {
            MessageBatch.view(b.record, k, view);
            if (!b.removed(view.sequence)) {
                messages.subjectIndex().addSequence(
                    messages.subjectIndex().entry(b.record, view.subjectOffset, view.subjectLength), view.sequence);
            }
        }
    }

    /** A batch was committed: its messages count for their subjects before anything is removed for it. */
    public void count(StoredBatch batch) {
        if (messages.subjectIndex().keepsSequences() && gathering == null) {
            addSequences(batch, batch.first());
        }
    }

    /** Interest retention without consumers: messages are kept for the configured time (D14). */
    public void unclaimed(boolean nobodyConsumes) {
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

    /** What is to go is decided elsewhere, until {@link #leads}. */
    public void follows() {
        follows = true;
    }

    /**
     * It is decided here from now on.
     *
     * @param over whether some subject may have more messages than the limit
     */
    public void leads(boolean over) {
        follows = false;
        if (over) {
            trimSubjects();
        }
        run();
    }

    public void stop() {
        stopped = true;
        resources.shard().cancel(ageTimer);
    }

    /** After a commit: its subjects may have one message too many. */
    public void committed(StoredBatch batch) {
        boolean severalInside = false;
        SubjectEntry e;
        while ((e = messages.subjectIndex().takeOver()) != null) {
            if (trimsSubjects() && config.maxMsgsPerSubject() == 1) {
                severalInside |= supersede(e);
            } else if (trimsSubjects()) {
                trimSubject(e);
            }
        }
        if (severalInside) {
            keepLasts(batch);
        }
        run();
    }

    /** With one message per subject: the one before the batch goes. Whether the batch itself has more than one. */
    private boolean supersede(SubjectEntry e) {
        if (e.lastBefore > 0 && e.lastBeforeBytes > 0) {
            removals.removeKnown(e.lastBefore, e.lastBeforeBytes, e);
        } else if (e.lastBefore > 0) {
            remove(e.lastBefore);
        }
        return e.count > 1;
    }

    /** Of each subject only the last message stays in a batch that was just committed. */
    private void keepLasts(StoredBatch batch) {
        for (int k = 0; k < batch.count(); k++) {
            MessageBatch.view(batch.record, k, view);
            SubjectEntry e = messages.subjectIndex().find(view.bytes, view.subjectOffset, view.subjectLength);
            if (e != null && e.last > view.sequence && !batch.removed(view.sequence)) {
                messages.remove(batch, view);
                removals.removed(view.sequence, view.sequence);
            }
        }
    }

    /** All subjects: some may have more messages than the limit. Reads what is stored, batch by batch. */
    public void trimSubjects() {
        if (trimsSubjects() && !follows) {
            removals.removeIf(1, Long.MAX_VALUE, SubjectFilter.EVERYTHING, m -> {
                SubjectEntry e = messages.subjectIndex().find(m.bytes, m.subjectOffset, m.subjectLength);
                return e != null && e.count > config.maxMsgsPerSubject();
            }, n -> { });
        }
    }

    /** A stream that refuses new messages of a full subject never removes old ones in their place. */
    public static boolean trimsSubjects(StreamConfig config) {
        return config.maxMsgsPerSubject() > 0
            && !(config.discard() == StreamConfig.Discard.NEW && config.discardNewPerSubject());
    }

    private boolean trimsSubjects() {
        return trimsSubjects(config) && gathering == null;
    }

    private boolean refusesNew() {
        return config.discard() == StreamConfig.Discard.NEW;
    }

    private void trimSubject(SubjectEntry e) {
        while (e.sequences != null && e.sequences.size() > config.maxMsgsPerSubject()) {
            long oldest = e.sequences.first();
            e.sequences.remove(oldest);
            remove(oldest);
        }
    }

    private void remove(long sequence) {
        begin();
        removals.remove(sequence, r -> ended());
    }

    /** A removal begins that does not follow from the limits of the whole stream; these wait until it has {@link #ended ended}. */
    public void begin() {
        removing++;
    }

    /** It has ended. */
    public void ended() {
        if (--removing == 0 && deferred) {
            deferred = false;
            run();
        }
    }

    /** Applies the stream's limits. */
    public void run() {
        if (removing > 0 || stopped || follows) {
            deferred = true;
            return;
        }
        while (messages.batches().size() > 0) {
            StoredBatch head = messages.batches().first();
            if (head.merging || head.unreadable() || head == awaited) {
                return; // who waits for it, or the merger, runs us again
            }
            if (head.live() == 0) {
                removals.drop(0);
                continue;
            }
            long cutoff = cutoff();
            if (!overCount() && !overBytes() && head.firstTimeNanos() > cutoff) {
                break;
            }
            if (gate.shuts(head.first())) {
                resources.shard().cancel(ageTimer);
                return; // who brings it into the second tier runs us again
            }
            boolean whole = limitsCount() && messages.count() - head.live() >= config.maxMsgs()
                || limitsBytes() && messages.bytes() - head.liveBytes() >= config.maxBytes()
                || head.lastTimeNanos() <= cutoff;
            if (whole && !gate.shuts(head.last()) && (head.record != null || messages.droppableUnread(head))) {
                removals.drop(0);
                continue;
            }
            if (head.record == null) {
                awaited = head;
                messages.with(head, outcome -> {
                    awaited = null;
                    if (outcome != RecordLoading.Outcome.ENDED) {
                        run();
                    }
                });
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
        int n = head.count();
        for (int k = 0; k < n; k++) {
            MessageBatch.view(head.record, k, view);
            if (head.removed(view.sequence)) {
                continue;
            }
            if (!overCount() && !overBytes() && view.timestampNanos > cutoff || gate.shuts(view.sequence)) {
                return false;
            }
            messages.remove(head, view);
            removals.removed(view.sequence, view.sequence);
        }
        return true;
    }

    private boolean overCount() {
        return tooMany(0);
    }

    private boolean overBytes() {
        return tooLarge(0);
    }

    /** Whether there are too many messages without so many of them. */
    boolean tooMany(long without) {
        return limitsCount() && messages.count() - without > config.maxMsgs();
    }

    /** Whether messages take too much room without so many bytes of them. */
    boolean tooLarge(long without) {
        return limitsBytes() && messages.bytes() - without > config.maxBytes();
    }

    /** A full stream that refuses new messages keeps the old ones, also when the limit was lowered below them. */
    private boolean limitsCount() {
        return config.maxMsgs() > 0 && !refusesNew();
    }

    private boolean limitsBytes() {
        return config.maxBytes() > 0 && !refusesNew();
    }

    long cutoff() {
        long maxAge = maxAgeNanos();
        return maxAge <= 0 ? Long.MIN_VALUE : resources.shard().clock().wallNanos() - maxAge;
    }

    private void scheduleAge() {
        long maxAge = maxAgeNanos();
        if (maxAge <= 0 || messages.count() == 0) {
            resources.shard().cancel(ageTimer);
            return;
        }
        if (gate.holds()) {
            resources.shard().cancel(ageTimer);
            return; // who brings things into the second tier looks by itself
        }
        long due = messages.firstTimeNanos() + maxAge - resources.shard().clock().wallNanos();
        resources.shard().set(ageTimer, resources.shard().clock().nowNanos() + Math.max(MIN_WAIT_NANOS, due));
    }
}

package org.memphisee.core.partition.publish;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import org.memphisee.core.append.CrashPoint;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.AppliedBatches;
import org.memphisee.core.partition.log.LimitCheck;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.partition.retention.InterestRetention;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.port.PublishRequest;

/**
 * The way of a publish into the log: checks in the specified order, sequence, batch, store, acknowledgement. One or two
 * batches are being written while the next one gathers (D6). Publishers are answered, and consumers see the messages,
 * only when the batch is durable (P1). Shard's thread only.
 */
public final class Appender {

    private final ShardResources resources;
    private final StoredMessages messages;
    private final AppliedBatches applied;
    private IdWindow ids;
    private final PublishHeaders headers = new PublishHeaders();
    private final PublishChecks checks;
    private final String stream;
    private final Consumer<StoredBatch> committed;
    private final Skipped skipped;
    private final Consumer<StoreException> onFrozen;
    private final Uncommitted uncommitted;
    private final RepeatedIds repeated;
    private final BatchWrites writes;
    private final Rollups rollups = new Rollups();
    private StreamConfig config;
    private boolean rollingBack;
    /** Why nothing is taken and nothing takes effect any more; null while it does. */
    private PublishRefusal over;
    private StoreException frozen;
    private InterestRetention interest;

    /**
     * @param partition number of the partition
     * @param messages where committed batches go
     * @param ids which message ids are known
     * @param committed told after a batch was added to the messages and before its publishers are answered
     * @param skipped told when sequences are durable of which some belong to no stored message
     * @param onFrozen told once when the partition freezes
     */
    public Appender(long partition, StreamConfig config, ShardResources resources, StoredMessages messages, IdWindow ids,
             Consumer<StoredBatch> committed, Skipped skipped, Consumer<StoreException> onFrozen) {
        this.config = config;
        this.resources = resources;
        this.ids = ids;
        this.messages = messages;
        this.applied = messages.applied();
        this.checks = new PublishChecks(config, resources, messages, headers);
        this.committed = committed;
        this.onFrozen = onFrozen;
        this.skipped = skipped;
        this.stream = config.name();
        this.uncommitted = new Uncommitted(partition, messages, resources.shard());
        this.writes = new BatchWrites(partition, config, resources, messages, uncommitted, this::ended);
        this.repeated = new RepeatedIds(stream, ids, messages, uncommitted);
    }

    public void config(StreamConfig next) {
        config = next;
        checks.config(next);
        writes.config(next);
        ids.window(next.duplicateWindowNanos());
    }

    /** Ids are claimed in the window of the station from now on; those that are on their way are so already. */
    public void share(WindowShare share) {
        uncommitted.visitIds(id -> {
            byte[] bytes = id.id().getBytes(StandardCharsets.UTF_8);
            share.recovered(bytes, 0, bytes.length, id.sequence(), id.timestampNanos());
        });
        ids = new JoiningWindow(ids, share);
        repeated.ids(ids);
    }

    /** With interest retention: what nobody wants gets a sequence and is not stored. */
    public void interest(InterestRetention retention) {
        interest = retention;
    }

    /** The ids of messages that were recovered are to go here, oldest first. */
    public IdWindow ids() {
        return ids;
    }

    /** Continues after what was recovered. */
    public void recovered(String lastId) {
        uncommitted.recovered(lastId);
    }

    /** Ids of messages that were not stored, kept in batches without messages. */
    public UnstoredIds unstoredIds() {
        return writes.unstoredIds();
    }

    /** The state to store of the partition: no sequence that was given out before is below its last one. */
    public StoreChange state() {
        return uncommitted.state();
    }

    /** Begins an empty stream at a sequence. */
    public void startAt(long firstSequence) {
        uncommitted.startAt(firstSequence);
    }

    public long lastAssigned() {
        return uncommitted.lastAssigned();
    }

    /** The failure that froze the partition, or null. */
    public StoreException frozen() {
        return frozen;
    }

    public void freeze(StoreException cause) {
        if (frozen == null) {
            frozen = cause;
            onFrozen.accept(cause);
        }
    }

    /** The partition is removed: what gathers is not written any more, and what is on its way is only answered. */
    public void removed() {
        end(PublishRefusal.GONE);
    }

    /** Another broker decides from now on: what gathers is not written, and what is on its way is only answered. */
    public void ceased() {
        end(PublishRefusal.NO_LEADER);
    }

    private void end(PublishRefusal why) {
        over = why;
        if (uncommitted.building() != null) {
            uncommitted.abandon().waiting().refuse(stream, why, "");
        }
    }

    /** Whether nobody waits for a message that is not written. */
    public boolean idle() {
        return uncommitted.building() == null && uncommitted.inFlight() == 0;
    }

    /** Nothing of this partition is written any more: whoever waits is refused. */
    public void abandon(StoreException cause) {
        if (frozen == null) {
            frozen = cause;
        }
        if (uncommitted.building() != null) {
            BatchBuilder.Sealed open = uncommitted.abandon();
            ids.takeBack(open.summary().firstSequence(), open.summary().messageIds());
            open.waiting().refuse(stream, PublishRefusal.FROZEN, cause.getMessage());
        }
    }

    // ---- taking

    /** Answers what cannot be taken for a reason that lies in the partition's life. */
    public void refuse(PublishRequest r, PublishOrigin origin, PublishRefusal why, String detail) {
        refuse(config.noAck() ? PublishOrigin.NOBODY : origin, r, why, detail);
    }

    private void refuse(PublishOrigin origin, PublishRequest r, PublishRefusal why, String detail) {
        origin.ended(r, new PublishOutcome.Refused(stream, why, detail));
    }

    /** Takes one message. */
    public void publish(PublishRequest r, PublishOrigin origin) {
        long now = Math.max(uncommitted.lastTime(), resources.shard().wallNanos());
        if (r.headerLength() > 0) {
            headers.read(r.bytes(), r.bodyOffset(), r.headerLength());
        } else {
            headers.clear();
        }
        PublishOrigin answerTo = config.noAck() ? PublishOrigin.NOBODY : origin;
        if (refused(r, answerTo, now)) {
            return;
        }
        if (!interest.wanted(uncommitted.lastAssigned() + 1, r.bytes(), r.subjectOffset(), r.subjectLength())) {
            if (idGranted(r, answerTo, now)) {
                skip(r, answerTo, now);
            }
            return;
        }
        long accounted = MessageBatch.accounted(messages.file(), r.subjectLength(), r.headerLength(), r.payloadLength());
        PublishRefusal limit = checks.limits(r, accounted, uncommitted.growth(), uncommitted.bytes());
        if (limit != null) {
            refuse(answerTo, r, limit, checks.detail());
        } else if (idGranted(r, answerTo, now)) {
            append(r, answerTo, now, accounted);
        }
    }

    /**
     * Whether the message may be stored under its id, if it has one. Asked last: what is granted is given up only when the
     * write fails.
     */
    private boolean idGranted(PublishRequest r, PublishOrigin answerTo, long now) {
        IdWindow.Claim claim = headers.messageId == null ? IdWindow.Claim.GRANTED
            : ids.claim(uncommitted.lastAssigned() + 1, now);
        if (claim == IdWindow.Claim.NO_ROOM) {
            refuse(answerTo, r, PublishRefusal.NO_ROOM_FOR_ID, "");
        } else if (claim == IdWindow.Claim.ELSEWHERE) {
            repeated.answerFromElsewhere(r, answerTo);
        }
        return claim == IdWindow.Claim.GRANTED;
    }

    /** Answered when its sequence, and its id, can be given to nobody else any more, also after a crash. */
    private void skip(PublishRequest r, PublishOrigin answerTo, long now) {
        taken(r, answerTo, uncommitted.skip(r, now, answerTo != PublishOrigin.NOBODY), now);
    }

    private void append(PublishRequest r, PublishOrigin answerTo, long now, long accounted) {
        BatchBuilder building = uncommitted.building();
        if (building != null && building.nothingStored()) {
            writes.submit(); // a batch begins with its first message
        }
        SubjectEntry subject = messages.subjectIndex().entry(r.bytes(), r.subjectOffset(), r.subjectLength());
        long sequence = uncommitted.add(r, now, subject, accounted, answerTo != PublishOrigin.NOBODY,
            LimitCheck.subjectFull(config, subject.count + subject.uncommitted));
        if (headers.rollup != null) {
            rollups.add(sequence, headers.rollup.equals("all") ? "" : subject.subject());
        }
        taken(r, answerTo, sequence, now);
    }

    private void taken(PublishRequest r, PublishOrigin answerTo, long sequence, long now) {
        uncommitted.keep(r.bodyLength(), headers.messageId, sequence, now);
        BatchBuilder building = uncommitted.building();
        building.waiting().add(answerTo, r, sequence, BatchBuilder.Awaited.STORED);
        if (building.full()) {
            writes.submit();
        } else {
            writes.requestTurn();
        }
    }

    private boolean refused(PublishRequest r, PublishOrigin to, long now) {
        PublishRefusal why = checks.stream();
        if (why == null && headers.messageId != null && repeated.answered(headers.messageId, r, to, now)) {
            return true;
        }
        why = why != null ? why : checks.expectations(r, uncommitted.lastAssigned(), uncommitted.lastMessageId());
        why = why != null ? why : checks.form(r);
        if (why == null && frozen != null) {
            refuse(to, r, PublishRefusal.FROZEN, frozen.getMessage());
            return true;
        }
        why = why != null ? why : rollingBack ? PublishRefusal.NO_ROOM : checks.room(r, uncommitted.bytes());
        if (why != null) {
            refuse(to, r, why, checks.detail());
        }
        return why != null;
    }

    /**
     * Answers for a message that was published to another partition of the station again.
     *
     * @param sequence its sequence here, 0 when it is known no more
     * @return false when it was never written and never will be
     */
    public boolean repeated(long sequence, PublishRequest r, PublishOrigin to) {
        return repeated.repeated(sequence, r, to);
    }

    // ---- what came of it

    private void ended(BatchBuilder.Sealed sealed, WriteOutcome outcome) {
        messages.enter();
        uncommitted.ended(sealed);
        if (over != null) {
            over(sealed, outcome);
            return;
        }
        if (outcome instanceof WriteOutcome.Failed failure) {
            failed(sealed, failure);
        } else {
            written(sealed);
        }
        beginAnew();
    }

    /** It was written before the partition was removed from the store, or by the time another broker decided; or was not. */
    private void over(BatchBuilder.Sealed sealed, WriteOutcome outcome) {
        resources.shard().release(sealed.held());
        if (outcome instanceof WriteOutcome.Committed) {
            sealed.waiting().acknowledge(stream);
        } else if (outcome instanceof WriteOutcome.Unknown unknown && over == PublishRefusal.NO_LEADER) {
            sealed.waiting().end(new PublishOutcome.Undecided(stream, unknown.cause().getMessage()));
        } else {
            sealed.waiting().refuse(stream, over, "");
        }
    }

    private void written(BatchBuilder.Sealed sealed) {
        writes.written(sealed);
        sealed.arrivals().stored(resources.shard().clock().wallNanos(), resources.timings());
        CrashPoint.BEFORE_ACK.reached();
        uncommitted.stored(sealed);
        if (sealed.stored()) {
            StoredBatch batch = applied.gathered(sealed.summary(), sealed.subjects(), sealed.record());
            messages.advance(sealed.lastGiven(), sealed.summary().lastTimestampNanos());
            committed.accept(batch);
        } else {
            messages.advance(sealed.lastGiven(), sealed.summary().lastTimestampNanos());
        }
        if (sealed.unstored() > 0) {
            skipped.skipped(sealed.summary().firstSequence(), sealed.lastGiven());
        }
        sealed.waiting().acknowledge(stream);
        if (uncommitted.building() != null) {
            writes.requestTurn();
        }
    }

    private void failed(BatchBuilder.Sealed sealed, WriteOutcome.Failed why) {
        uncommitted.failed(sealed);
        writes.unstoredIds().failed(sealed.lastGiven());
        rollingBack = true;
        StoreException cause = why.cause();
        boolean passes = why instanceof WriteOutcome.Refused;
        if (!passes) {
            freeze(cause);
        }
        if (why instanceof WriteOutcome.Unknown) {
            // it may be there: its ids stay taken, so that no other partition of the station stores them a second time
            repeated.undecided(frozen);
            sealed.waiting().end(new PublishOutcome.Unknown(stream, cause.getMessage()));
        } else {
            takeBack(sealed, passes, cause);
        }
        if (uncommitted.building() != null) {
            takeBack(uncommitted.giveUp(), passes, cause);
        }
    }

    /**
     * When nothing is on its way any more: everything behind the write that failed has failed too (the fence), and what was
     * before it has been written, perhaps told after it: sequences are taken back.
     */
    private void beginAnew() {
        if (rollingBack && uncommitted.inFlight() == 0 && !repeated.undecided()) {
            uncommitted.takeBack();
            rollups.forgetAfter(uncommitted.lastAssigned());
            writes.beginAnew();
            rollingBack = false;
        }
    }

    private void takeBack(BatchBuilder.Sealed sealed, boolean passes, StoreException cause) {
        ids.takeBack(sealed.summary().firstSequence(), sealed.summary().messageIds());
        sealed.waiting().refuse(stream, passes ? PublishRefusal.NO_ROOM : PublishRefusal.FROZEN,
            passes ? "" : cause.getMessage());
    }

    /** The next roll-up whose message is committed, or null. */
    public Rollups.Rollup takeRollup() {
        return rollups.take(messages.lastSequence());
    }

    /** Told of sequences that were given out, some of them to messages that are not stored. */
    public interface Skipped {
        void skipped(long from, long to);
    }
}

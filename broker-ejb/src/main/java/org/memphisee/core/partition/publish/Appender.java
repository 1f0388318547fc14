package org.memphisee.core.partition.publish;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.append.CrashPoint;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SubjectCount;
import org.memphisee.core.partition.index.BatchSubjects;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.LimitCheck;
import org.memphisee.core.partition.log.MessageBatch;
import org.memphisee.core.partition.log.PartitionState;
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

    private static final int MAX_IN_FLIGHT = 2;
    /** Under a steady stream of publishes less than this is not worth a sync right after the last one. */
    private static final int PACED_BYTES = 16 << 10;

    private final long partition;
    private final ShardResources resources;
    private final StoredMessages messages;
    private final IdWindow ids;
    private final PublishHeaders headers = new PublishHeaders();
    private final PublishChecks checks;
    private final String stream;
    private final Consumer<StoredBatch> committed;
    private final Skipped skipped;
    private final Consumer<StoreException> onFrozen;
    private final ArrayDeque<BatchBuilder.Sealed> inFlight = new ArrayDeque<>();
    private final Runnable endTurn = this::endTurn;
    private final ShardCommand requestTurn = this::requestTurn;
    private final Rollups rollups = new Rollups();
    private StreamConfig config;
    private BatchBuilder building;
    private WriteFence fence = new WriteFence();
    private final Pace pace = new Pace();
    private boolean turnRequested;
    private boolean rollingBack;
    /** Whether some of what was given out may be stored or not, until a recovery tells. */
    private boolean undecided;
    private StoreException frozen;
    private long lastAssigned;
    private long lastTime;
    private String lastMessageId = "";
    private long uncommittedBytes;
    private long uncommittedGrowth;
    private int expectedBytes = 512;
    private InterestRetention interest;
    private final UnstoredIds unstoredIds;
    /** Last sequence whose write was submitted, and its time: nothing that is written later may say less. */
    private long lastSubmitted;
    private long lastSubmittedTime;
    private String lastCommittedId = "";

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
        this.partition = partition;
        this.config = config;
        this.resources = resources;
        this.ids = ids;
        this.messages = messages;
        this.checks = new PublishChecks(config, resources, messages, headers);
        this.committed = committed;
        this.onFrozen = onFrozen;
        this.skipped = skipped;
        this.unstoredIds = new UnstoredIds(partition);
        this.stream = config.name();
    }

    public void config(StreamConfig next) {
        config = next;
        checks.config(next);
        ids.window(next.duplicateWindowNanos());
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
        lastAssigned = messages.lastSequence();
        lastTime = messages.lastTimeNanos();
        lastMessageId = lastId;
        lastCommittedId = lastId;
    }

    /** Ids of messages that were not stored, kept in batches without messages. */
    public UnstoredIds unstoredIds() {
        return unstoredIds;
    }

    /** The state to store of the partition: no sequence that was given out before is below its last one. */
    public StoreChange state() {
        return new StoreChange.PutPartitionState(partition, PartitionState.encode(messages.firstSequence(),
            Math.max(messages.lastSequence(), lastSubmitted), Math.max(messages.lastTimeNanos(), lastSubmittedTime)));
    }

    /** Begins an empty stream at a sequence. */
    public void startAt(long firstSequence) {
        lastAssigned = Math.max(lastAssigned, firstSequence - 1);
    }

    public long lastAssigned() {
        return lastAssigned;
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

    /** Nothing of this partition is written any more: whoever waits is refused. */
    public void abandon(StoreException cause) {
        if (frozen == null) {
            frozen = cause;
        }
        if (building != null) {
            BatchBuilder.Sealed open = building.seal();
            building = null;
            resources.shard().release(open.held());
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
        if (origin != PublishOrigin.NOBODY) {
            origin.ended(r, new PublishOutcome.Refused(stream, why, detail));
        }
    }

    /** Takes one message. */
    public void publish(PublishRequest r, PublishOrigin origin) {
        long now = Math.max(lastTime, resources.shard().clock().wallNanos());
        if (r.headerLength() > 0) {
            headers.read(r.bytes(), r.bodyOffset(), r.headerLength());
        } else {
            headers.clear();
        }
        PublishOrigin answerTo = config.noAck() ? PublishOrigin.NOBODY : origin;
        if (refused(r, answerTo, now)) {
            return;
        }
        if (!interest.wanted(lastAssigned + 1, r.bytes(), r.subjectOffset(), r.subjectLength())) {
            if (idGranted(r, answerTo, now)) {
                skip(r, answerTo, now);
            }
            return;
        }
        long accounted = MessageBatch.accounted(messages.file(), r.subjectLength(), r.headerLength(), r.payloadLength());
        PublishRefusal limit = checks.limits(r, accounted, uncommittedGrowth, uncommittedBytes);
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
        IdWindow.Claim claim = headers.messageId == null ? IdWindow.Claim.GRANTED : ids.claim(lastAssigned + 1, now);
        if (claim == IdWindow.Claim.NO_ROOM) {
            refuse(answerTo, r, PublishRefusal.NO_ROOM_FOR_ID, "");
        } else if (claim == IdWindow.Claim.ELSEWHERE) {
            answerFromElsewhere(r, answerTo);
        }
        return claim == IdWindow.Claim.GRANTED;
    }

    /** Answered when its sequence, and its id, can be given to nobody else any more, also after a crash. */
    private void skip(PublishRequest r, PublishOrigin answerTo, long now) {
        long sequence = begin(now);
        building.skip(sequence, now, r, answerTo != PublishOrigin.NOBODY);
        taken(r, answerTo, sequence, now);
    }

    private long begin(long now) {
        long sequence = ++lastAssigned;
        lastTime = now;
        if (building == null) {
            building = new BatchBuilder(sequence, expectedBytes);
        }
        return sequence;
    }

    private void append(PublishRequest r, PublishOrigin answerTo, long now, long accounted) {
        if (building != null && building.nothingStored()) {
            submit(); // a batch begins with its first message
        }
        long sequence = begin(now);
        SubjectEntry subject = messages.subjectIndex().entry(r.bytes(), r.subjectOffset(), r.subjectLength());
        building.add(sequence, now, r, subject, accounted, answerTo != PublishOrigin.NOBODY);
        if (LimitCheck.subjectFull(config, subject.count + subject.uncommitted)) {
            building.replaces();
        } else {
            uncommittedGrowth++;
        }
        subject.assignedLast = sequence;
        subject.uncommitted++;
        uncommittedBytes += accounted;
        if (headers.rollup != null) {
            rollups.add(sequence, headers.rollup.equals("all") ? "" : subject.subject());
        }
        taken(r, answerTo, sequence, now);
    }

    private void taken(PublishRequest r, PublishOrigin answerTo, long sequence, long now) {
        resources.shard().hold(r.bodyLength());
        if (headers.messageId != null) {
            building.addId(new MessageId(headers.messageId, sequence, now));
        }
        lastMessageId = headers.messageId == null ? "" : headers.messageId;
        building.waiting().add(answerTo, r, sequence, BatchBuilder.Awaited.STORED);
        if (building.full()) {
            submit();
        } else {
            requestTurn();
        }
    }

    private boolean refused(PublishRequest r, PublishOrigin to, long now) {
        PublishRefusal why = checks.stream();
        if (why == null && headers.messageId != null && duplicate(r, to, now)) {
            return true;
        }
        why = why != null ? why : checks.expectations(r, lastAssigned, lastMessageId);
        why = why != null ? why : checks.form(r);
        if (why == null && frozen != null) {
            refuse(to, r, PublishRefusal.FROZEN, frozen.getMessage());
            return true;
        }
        why = why != null ? why : rollingBack ? PublishRefusal.NO_ROOM : checks.room(r, uncommittedBytes);
        if (why != null) {
            refuse(to, r, why, checks.detail());
        }
        return why != null;
    }

    private boolean duplicate(PublishRequest r, PublishOrigin to, long now) {
        long known = ids.find(headers.messageId, now);
        if (known == IdWindow.ELSEWHERE) {
            answerFromElsewhere(r, to);
        } else if (known > 0 && !answerWith(known, r, to, BatchBuilder.Awaited.DUPLICATE)) {
            answerUndecided(r, to);
        }
        return known != 0;
    }

    private void answerUndecided(PublishRequest r, PublishOrigin to) {
        if (!undecided) {
            refuse(to, r, PublishRefusal.ID_IN_PROCESS, "");
        } else if (to != PublishOrigin.NOBODY) {
            to.ended(r, new PublishOutcome.Unknown(stream, frozen.getMessage()));
        }
    }

    private void answerFromElsewhere(PublishRequest r, PublishOrigin to) {
        if (to != PublishOrigin.NOBODY && !ids.refer(r, to)) {
            refuse(to, r, PublishRefusal.ID_IN_PROCESS, "");
        }
    }

    /**
     * Answers for a message that was published to another partition of the station again.
     *
     * @param sequence its sequence here, 0 when it is known no more
     * @return false when it was never written and never will be
     */
    public boolean repeated(long sequence, PublishRequest r, PublishOrigin to) {
        if (sequence > 0 && answerWith(sequence, r, to, BatchBuilder.Awaited.ELSEWHERE)) {
            return true;
        }
        if (sequence > 0 && undecided) {
            answerUndecided(r, to);
            return true;
        }
        refuse(to, r, PublishRefusal.ID_IN_PROCESS, "");
        return false;
    }

    /** Tells a message that is stored, when it is durable: "duplicate" promises that. False when it is nowhere. */
    private boolean answerWith(long sequence, PublishRequest r, PublishOrigin to, BatchBuilder.Awaited as) {
        if (sequence <= messages.lastSequence()) {
            if (to != PublishOrigin.NOBODY) {
                to.ended(r, new PublishOutcome.Stored(stream, sequence, true));
            }
            return true;
        }
        for (BatchBuilder.Sealed sealed : inFlight) {
            if (sequence <= sealed.lastGiven()) {
                sealed.waiting().add(to, r, sequence, as);
                return true;
            }
        }
        if (building != null) {
            building.waiting().add(to, r, sequence, as);
        }
        return building != null;
    }

    // ---- writing

    private void requestTurn() {
        messages.enter();
        if (!turnRequested) {
            turnRequested = true;
            resources.shard().atEndOfTurn(endTurn);
        }
    }

    private void endTurn() {
        turnRequested = false;
        if (building == null || building.empty() || inFlight.size() >= mayBeInFlight()) {
            return;
        }
        Shard shard = resources.shard();
        if (building.bytes() < PACED_BYTES && shard.nap(pace.waits(shard.clock().nowNanos(), building.count()))) {
            shard.execute(requestTurn);
            return;
        }
        submit();
    }

    /** What is small gathers while the one before it is written, so that the shard may write it itself. */
    private int mayBeInFlight() {
        return building.bytes() < resources.group().smallBytes() ? 1 : MAX_IN_FLIGHT;
    }

    private void submit() {
        BatchBuilder.Sealed sealed = building.seal();
        building = null;
        expectedBytes = sealed.length() + (sealed.length() >> 2);
        inFlight.add(sealed);
        pace.submitted(resources.shard().clock().nowNanos());
        CrashPoint.BATCH_BUILT.reached();
        if (!messages.file()) {
            requestTurn();
            ended(sealed, WriteOutcome.COMMITTED);
            return;
        }
        List<StoreChange> changes = changes(sealed);
        boolean sync = config.durability() == StreamConfig.Durability.ALWAYS && !resources.relaxed();
        resources.group().propose(new Proposal(changes, sync, sealed.length(), fence,
            outcome -> resources.shard().execute(() -> ended(sealed, outcome))));
    }

    private List<StoreChange> changes(BatchBuilder.Sealed sealed) {
        List<StoreChange> changes = new ArrayList<>(1);
        if (sealed.recorded()) {
            changes.add(new StoreChange.PutBatch(partition, sealed.summary(), sealed.record(), 0, sealed.length()));
        }
        lastSubmitted = sealed.lastGiven();
        lastSubmittedTime = sealed.summary().lastTimestampNanos();
        if (sealed.unstored() > 0) {
            changes.add(state());
            if (!sealed.stored() && sealed.recorded()) {
                unstoredIds.add(sealed.summary().firstSequence(), lastSubmittedTime);
            }
        }
        unstoredIds.collectExpired(lastTime - config.duplicateWindowNanos(), changes);
        return changes;
    }

    private void ended(BatchBuilder.Sealed sealed, WriteOutcome outcome) {
        messages.enter();
        inFlight.remove(sealed);
        if (outcome instanceof WriteOutcome.Committed) {
            written(sealed);
        } else {
            failed(sealed, outcome);
        }
    }

    private void written(BatchBuilder.Sealed sealed) {
        pace.written(resources.shard().clock().nowNanos(), sealed.summary().count() + sealed.unstored(),
            building == null ? 0 : building.count());
        sealed.arrivals().stored(resources.shard().clock().wallNanos(), resources.timings());
        CrashPoint.BEFORE_ACK.reached();
        settle(sealed, true);
        lastCommittedId = sealed.lastId();
        if (sealed.stored()) {
            BatchSubjects subjects = BatchSubjects.of(sealed.subjects(), sealed.summary().subjects(),
                sealed.summary().firstSequence());
            StoredBatch batch = new StoredBatch(sealed.summary(), subjects, sealed.record(), !messages.file());
            messages.append(batch);
            messages.advance(sealed.lastGiven(), sealed.summary().lastTimestampNanos());
            committed.accept(batch);
        } else {
            messages.advance(sealed.lastGiven(), sealed.summary().lastTimestampNanos());
        }
        if (sealed.unstored() > 0) {
            skipped.skipped(sealed.summary().firstSequence(), sealed.lastGiven());
        }
        sealed.waiting().acknowledge(stream);
        if (building != null) {
            requestTurn();
        }
    }

    private void settle(BatchBuilder.Sealed sealed, boolean stored) {
        for (int i = 0; i < sealed.subjects().size(); i++) {
            SubjectCount in = sealed.summary().subjects().get(i);
            if (stored) {
                messages.subjectIndex().committed(sealed.subjects().get(i), in);
            } else {
                messages.subjectIndex().failed(sealed.subjects().get(i), in);
            }
        }
        uncommittedGrowth -= sealed.growth();
        uncommittedBytes -= sealed.summary().storedBytes();
        resources.shard().release(sealed.held());
    }

    private void failed(BatchBuilder.Sealed sealed, WriteOutcome why) {
        settle(sealed, false);
        rollingBack = true;
        StoreException cause = WriteOutcome.cause(why);
        boolean passes = why instanceof WriteOutcome.Refused;
        if (!passes) {
            freeze(cause);
        }
        if (why instanceof WriteOutcome.Unknown) {
            // it may be there: its ids stay taken, so that no other partition of the station stores them a second time
            undecided = true;
            sealed.waiting().end(new PublishOutcome.Unknown(stream, cause.getMessage()));
        } else {
            takeBack(sealed, passes, cause);
        }
        if (building != null) {
            BatchBuilder.Sealed open = building.seal();
            building = null;
            settle(open, false);
            takeBack(open, passes, cause);
        }
        if (inFlight.isEmpty() && !undecided) {
            // everything behind the failed write has failed too (the fence): take the sequences back
            lastAssigned = messages.lastSequence();
            lastSubmitted = 0;
            lastMessageId = lastCommittedId;
            rollups.forgetAfter(lastAssigned);
            fence = new WriteFence();
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

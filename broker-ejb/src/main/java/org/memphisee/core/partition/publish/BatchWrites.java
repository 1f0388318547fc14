package org.memphisee.core.partition.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import org.memphisee.core.append.CrashPoint;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.stream.StreamConfig;

/**
 * When the batch that gathers goes to the disk, and with what: at the end of the turn, unless enough is on its way or more
 * is to gather first. Shard's thread only.
 */
final class BatchWrites {

    private static final int MAX_IN_FLIGHT = 2;
    /** Under a steady stream of publishes less than this is not worth a sync right after the last one. */
    private static final int PACED_BYTES = 16 << 10;

    private final long partition;
    private final ShardResources resources;
    private final StoredMessages messages;
    private final Uncommitted uncommitted;
    private final BiConsumer<BatchBuilder.Sealed, WriteOutcome> ended;
    private final UnstoredIds unstoredIds;
    private final Pace pace = new Pace();
    private final Runnable endTurn = this::endTurn;
    private final ShardCommand requestTurn = this::requestTurn;
    private StreamConfig config;
    private WriteFence fence = new WriteFence();
    private boolean turnRequested;

    /**
     * Writes for one partition.
     *
     * @param uncommitted has the batch that gathers
     * @param ended told once how the write of a batch ended
     */
    BatchWrites(long partition, StreamConfig config, ShardResources resources, StoredMessages messages,
                Uncommitted uncommitted, BiConsumer<BatchBuilder.Sealed, WriteOutcome> ended) {
        this.partition = partition;
        this.config = config;
        this.resources = resources;
        this.messages = messages;
        this.uncommitted = uncommitted;
        this.ended = ended;
        this.unstoredIds = new UnstoredIds(partition);
    }

    void config(StreamConfig next) {
        config = next;
    }

    /** Ids of messages that were not stored, kept in batches without messages. */
    UnstoredIds unstoredIds() {
        return unstoredIds;
    }

    /** What gathers is looked at when this turn ends. */
    void requestTurn() {
        messages.enter();
        if (!turnRequested) {
            turnRequested = true;
            resources.shard().atEndOfTurn(endTurn);
        }
    }

    private void endTurn() {
        turnRequested = false;
        BatchBuilder building = uncommitted.building();
        if (building == null || building.empty() || uncommitted.inFlight() >= mayBeInFlight(building)) {
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
    private int mayBeInFlight(BatchBuilder building) {
        return building.bytes() < resources.group().smallBytes() ? 1 : MAX_IN_FLIGHT;
    }

    /** The batch that gathers goes to the disk; there is one. */
    void submit() {
        BatchBuilder.Sealed sealed = uncommitted.submit();
        pace.submitted(resources.shard().clock().nowNanos());
        CrashPoint.BATCH_BUILT.reached();
        if (!messages.file()) {
            requestTurn();
            ended.accept(sealed, WriteOutcome.COMMITTED);
            return;
        }
        List<StoreChange> changes = changes(sealed);
        boolean sync = config.durability() == StreamConfig.Durability.ALWAYS && !resources.relaxed();
        resources.group().propose(new Proposal(changes, sync, sealed.length(), fence,
            outcome -> resources.shard().execute(() -> ended.accept(sealed, outcome))));
    }

    private List<StoreChange> changes(BatchBuilder.Sealed sealed) {
        List<StoreChange> changes = new ArrayList<>(1);
        if (sealed.recorded()) {
            changes.add(new StoreChange.PutBatch(partition, sealed.summary(), sealed.record(), 0, sealed.length()));
        }
        uncommitted.proposed(sealed);
        if (sealed.unstored() > 0) {
            changes.add(uncommitted.state());
        }
        unstoredIds.collectExpired(uncommitted.lastTime() - config.duplicateWindowNanos(), sealed.lastGiven(), changes);
        return changes;
    }

    /** The batch is durable. */
    void written(BatchBuilder.Sealed sealed) {
        unstoredIds.removed(sealed.lastGiven());
        if (messages.file() && !sealed.stored() && sealed.recorded()) {
            unstoredIds.add(sealed.summary().firstSequence(), sealed.summary().lastTimestampNanos());
        }
        BatchBuilder building = uncommitted.building();
        pace.written(resources.shard().clock().nowNanos(), sealed.summary().count() + sealed.unstored(),
            building == null ? 0 : building.count());
    }

    /** What failed has been taken back: what is proposed from now on depends on nothing of it. */
    void beginAnew() {
        fence = new WriteFence();
    }
}

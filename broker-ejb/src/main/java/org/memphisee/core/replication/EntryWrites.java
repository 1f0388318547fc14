package org.memphisee.core.replication;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/**
 * Entries on their way to the store, in their order, each with the position behind it in one transaction. With a full disk they
 * wait until it has room. Shard's thread only.
 */
final class EntryWrites {

    private static final long AGAIN_NANOS = 1_000_000_000L;

    /**
     * An entry on its way.
     *
     * @param changes with the position
     * @param synced whether the store has everything for good when it has this
     * @param bytes of the entry
     * @param after the position behind it
     * @param mine this member's own, or null
     */
    record Write(List<StoreChange> changes, boolean synced, int bytes, GroupPosition after, ReplicatedGroup.Sent mine) { }

    /** Hears what became of them. */
    interface Told {
        void stored(Write write);

        /** It is not in the store, nor will anything behind it be. */
        void failed(Write write, StoreException cause);
    }

    private final long group;
    private final Shard shard;
    private final SoloGroup store;
    private final ShardReplica.Sync sync;
    private final Told told;
    /** Those that the disk had no room for. */
    private final List<Write> refused = new ArrayList<>();
    private final ShardTimer again = new ShardTimer(this::writeAgain);
    private WriteFence fence = new WriteFence();
    private StoreException failure;
    /** A silent group is synced too: the journal keeps everything of all groups from its oldest entry on that a store may lose. */
    private final ShardTimer late = new ShardTimer(this::syncLate);
    /** Behind the last entry that was written and not synced; null when there is none. */
    private GroupPosition unsynced;
    private int pending;
    private long unsyncedBytes;
    private long syncedAt;

    EntryWrites(long group, Shard shard, SoloGroup store, ShardReplica.Sync sync, Told told) {
        this.group = group;
        this.shard = shard;
        this.store = store;
        this.sync = sync;
        this.told = told;
        this.syncedAt = shard.clock().nowNanos();
    }

    /** How many have not ended. */
    int pending() {
        return pending;
    }

    /** Stores an entry, which may be void and change nothing. */
    void write(List<StoreChange> changes, GroupPosition after, ReplicatedGroup.Sent mine, int bytes) {
        unsyncedBytes += bytes;
        write(changes, after, mine, bytes, unsyncedBytes >= sync.bytes() || shard.clock().nowNanos() - syncedAt >= sync.nanos());
    }

    private void write(List<StoreChange> changes, GroupPosition after, ReplicatedGroup.Sent mine, int bytes, boolean synced) {
        pending++;
        if (synced) {
            unsyncedBytes = 0;
            syncedAt = shard.clock().nowNanos();
        }
        unsynced = synced ? null : after;
        if (!synced && !late.set()) {
            shard.set(late, syncedAt + sync.nanos());
        }
        List<StoreChange> all = new ArrayList<>(changes);
        all.add(after.change(group));
        submit(new Write(all, synced, bytes, after, mine));
    }

    private void syncLate() {
        if (unsynced != null && shard.clock().nowNanos() - syncedAt < sync.nanos()) {
            shard.set(late, syncedAt + sync.nanos());
        } else {
            sync();
        }
    }

    /** Has the store synced when it has something that was not. */
    void sync() {
        if (unsynced != null && failure == null) {
            write(List.of(), unsynced, null, 0, true); // with the position again: an empty write syncs nothing
        }
    }

    /** What was written is not what the store will have: it is being rebuilt. */
    void forget() {
        unsynced = null;
    }

    /** Behind one that the disk has no room for none is written: the store would have a position and not what is before it. */
    private void submit(Write write) {
        store.propose(new Proposal(write.changes(), write.synced(), write.bytes(), fence,
            outcome -> shard.execute(() -> ended(write, outcome))));
    }

    private void ended(Write write, WriteOutcome outcome) {
        if (outcome instanceof WriteOutcome.Refused) {
            refused.add(write);
            shard.set(again, shard.clock().nowNanos() + AGAIN_NANOS);
        } else if (outcome instanceof WriteOutcome.Failed failed) {
            fail(failed.cause());
            told.failed(write, failed.cause());
        } else {
            pending--;
            told.stored(write);
        }
    }

    private void writeAgain() {
        List<Write> all = List.copyOf(refused);
        if (failure != null) {
            refused.clear();
            all.forEach(write -> told.failed(write, failure));
        } else if (all.size() < pending) {
            shard.set(again, shard.clock().nowNanos() + AGAIN_NANOS);
        } else {
            refused.clear();
            fence = new WriteFence();
            all.forEach(this::submit);
        }
    }

    /** Nothing more is stored; whoever waits for room is told soon. */
    void fail(StoreException cause) {
        if (failure == null) {
            failure = cause;
            if (!refused.isEmpty()) {
                shard.set(again, shard.clock().nowNanos());
            }
        }
    }
}

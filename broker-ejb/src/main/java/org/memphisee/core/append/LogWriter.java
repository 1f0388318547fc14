package org.memphisee.core.append;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.Parking;
import org.memphisee.core.time.World;

/**
 * The one place that writes to the store, one thread at a time. Takes all requests that wait, up to a bound, writes them
 * in one transaction and syncs once: the cost of an fsync is shared by everybody who waited for it (D6). Durable when a
 * synced proposal ends as committed.
 *
 * <p>It has a thread of its own for what is {@link #submit submitted}. While that one has nothing to do, a shard may write
 * little groups itself ({@link #tryWrite}): two wakings of threads less for each sync, and what arrives during the sync
 * gathers meanwhile (ADR 0023).
 *
 * <p>A full disk passes and closes nothing for good: the group is written again without those that need room, and the
 * fences of those are closed until their owners have taken back what they had given out. After any other failure nothing
 * is written any more (P3).
 */
public final class LogWriter implements AutoCloseable {

    private static final int GROUP_BYTES = 8 << 20;
    /** When the last write took longer, shards do not wait for the disk themselves: they have consumers to serve. */
    private static final long SLOW_NANOS = 3_000_000;
    private static final long IDLE = Long.MIN_VALUE;
    /** A shard writes while a sync is due: it is looked at again so much later. */
    private static final long AGAIN_NANOS = 50_000;

    private final LogStore store;
    private final BrokerClock clock;
    private final long syncIntervalNanos;
    private final Intake<Waiting> inbox = new Intake<>();
    private final ArrayDeque<Proposal> waiting = new ArrayDeque<>();
    private final List<Proposal> group = new ArrayList<>();
    private final List<StoreChange> changes = new ArrayList<>();
    /** Held by whoever writes; guards everything above but the inbox. */
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Parking parking = new Parking();
    private World.Running running;
    private volatile boolean stopping;
    private volatile long syncDue = Long.MAX_VALUE;
    /** A shard wrote what is to be synced: the thread looks when. */
    private volatile boolean newlyDue;
    private volatile long lastWriteNanos;
    /** When the write that is going on began, {@link #IDLE} when there is none. */
    private volatile long writingSince = IDLE;
    private volatile StoreException failure;

    /**
     * A writer that is driven by {@link #turn()} until it is {@link #start started}.
     *
     * @param store where to
     * @param clock time
     * @param syncIntervalNanos after this time at the latest, what was written without sync is synced
     */
    public LogWriter(LogStore store, BrokerClock clock, long syncIntervalNanos) {
        this.store = store;
        this.clock = clock;
        this.syncIntervalNanos = syncIntervalNanos;
    }

    /** Has it write what is submitted from now on. */
    public void start(World world) {
        running = world.run("memphisee-log-writer", new Turns());
    }

    /** Queues a request. Any thread. Requests of one thread are written in order. */
    public void submit(Proposal request) {
        inbox.add(new Waiting(request));
        parking.wake();
    }

    /**
     * Writes the requests at once, on the calling thread, if nothing else is being written or waits and the disk is quick.
     * Endings are told before it returns.
     *
     * @param requests of one shard, all of them with sync or all without
     * @return false when nothing was done
     */
    boolean tryWrite(List<Proposal> requests) {
        if (stopping || lastWriteNanos > SLOW_NANOS || !busy.compareAndSet(false, true)) {
            return false;
        }
        try {
            if (!inbox.isEmpty() || !waiting.isEmpty()) {
                return false; // their turn
            }
            Thread.interrupted(); // a pending interrupt would close the store's file
            boolean due = syncDue < Long.MAX_VALUE;
            waiting.addAll(requests);
            writeGroup();
            newlyDue |= !due && syncDue < Long.MAX_VALUE;
            return true;
        } finally {
            release();
        }
    }

    private void release() {
        busy.set(false);
        if (!inbox.isEmpty() || newlyDue) {
            parking.wake();
        }
    }

    /** Writes one group. False when nothing waited, or a shard writes: that one wakes the thread when it has done so. */
    public boolean turn() {
        if (!busy.compareAndSet(false, true)) {
            return false;
        }
        try {
            drain();
            return writeGroup();
        } finally {
            busy.set(false);
        }
    }

    private boolean writeGroup() {
        if (waiting.isEmpty()) {
            return false;
        }
        int bytes = 0;
        boolean sync = false;
        while (!waiting.isEmpty() && bytes < GROUP_BYTES) {
            Proposal r = waiting.poll();
            if (failure != null) {
                r.ending().ended(new WriteOutcome.Lost(refusal()));
                continue;
            }
            if (r.fence().failure() != null) {
                r.ending().ended(r.fence().failure());
                continue;
            }
            group.add(r);
            changes.addAll(r.changes());
            bytes += r.bytes();
            sync |= r.sync();
        }
        if (!group.isEmpty()) {
            write(sync);
        }
        group.clear();
        changes.clear();
        return true;
    }

    /** What was written behind a failure would stand in the log without what it follows. */
    private StoreException refusal() {
        return new StoreException("the log accepts nothing since an earlier failure: " + failure.getMessage()
            + "; restart the broker", failure, false);
    }

    /**
     * What keeps it from writing for good; empty while it is well. A full disk passes and is no fault. Any thread.
     *
     * @param limitNanos how long a write may take
     */
    public Optional<String> fault(long limitNanos) {
        StoreException failed = failure;
        if (failed != null) {
            return Optional.of("the log cannot be written since a failure: " + failed.getMessage());
        }
        if (running != null && !running.alive() && !stopping) {
            return Optional.of("the log writer's thread has ended");
        }
        long since = writingSince;
        long took = since == IDLE ? 0 : clock.nowNanos() - since;
        return took <= limitNanos ? Optional.empty()
            : Optional.of("a write to the log has not come back for " + took / 1_000_000_000L + " s");
    }

    private void write(boolean sync) {
        StoreException refused = tryStore(sync);
        if (refused != null && refused.full() && refuseRoomy(refused)) {
            // what needs no room passes: acknowledgements, definitions, and the removals that free the disk (P6)
            refused = group.isEmpty() ? null : tryStore(sync);
        }
        if (refused != null) {
            fail(refused);
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).ending().ended(WriteOutcome.COMMITTED);
        }
    }

    /** Stores the changes; null, or why it could not. */
    private StoreException tryStore(boolean sync) {
        long begin = clock.nowNanos();
        writingSince = begin;
        try {
            CrashPoint.BEFORE_COMMIT.reached();
            store.write(changes, sync);
            CrashPoint.AFTER_COMMIT.reached();
            lastWriteNanos = clock.nowNanos() - begin;
        } catch (StoreException e) {
            return e;
        } catch (RuntimeException | Error e) {
            return new StoreException("the store failed unexpectedly: " + e, e, false);
        } finally {
            writingSince = IDLE;
        }
        if (!sync && syncDue == Long.MAX_VALUE) {
            syncDue = clock.nowNanos() + syncIntervalNanos;
        } else if (sync) {
            syncDue = Long.MAX_VALUE;
        }
        return null;
    }

    /**
     * Takes those out of the group that need room on the disk, with those that depend on them, and refuses them; false when
     * there are none.
     */
    private boolean refuseRoomy(StoreException cause) {
        int kept = 0;
        changes.clear();
        for (int i = 0; i < group.size(); i++) {
            Proposal r = group.get(i);
            if (r.needsRoom() || r.fence().failure() != null) {
                end(r, new WriteOutcome.Refused(cause));
            } else {
                group.set(kept++, r);
                changes.addAll(r.changes());
            }
        }
        boolean some = kept < group.size();
        group.subList(kept, group.size()).clear();
        return some;
    }

    private void fail(StoreException e) {
        remember(e);
        lastWriteNanos = Long.MAX_VALUE; // whoever is next has time to find out on the writer's own thread
        WriteOutcome.Failed outcome = e.full() ? new WriteOutcome.Refused(e) : new WriteOutcome.Unknown(e);
        for (Proposal r : group) {
            end(r, outcome);
        }
    }

    private static void end(Proposal r, WriteOutcome.Failed failure) {
        r.fence().close(failure);
        r.ending().ended(failure);
    }

    private void remember(StoreException e) {
        if (failure == null && !e.full()) {
            failure = e;
        }
    }

    private void syncIfDue() {
        if (syncDue > clock.nowNanos() || !busy.compareAndSet(false, true)) {
            return;
        }
        try {
            if (syncDue <= clock.nowNanos()) {
                syncDue = Long.MAX_VALUE;
                writingSince = clock.nowNanos();
                store.sync();
            }
        } catch (StoreException e) {
            // the store refuses everything from now on, so each partition learns of it with its next write (P3)
            remember(e);
            syncDue = e.full() ? clock.nowNanos() + syncIntervalNanos : Long.MAX_VALUE;
        } finally {
            writingSince = IDLE;
            busy.set(false);
        }
    }

    private void drain() {
        for (Waiting w = inbox.takeAll(); w != null; w = w.next()) {
            waiting.add(w.request);
        }
    }

    /** Writes what was submitted, then ends the thread. The store stays open. */
    @Override
    public void close() {
        stopping = true;
        if (running != null) {
            running.close();
        }
    }

    /** What the thread does. */
    private final class Turns implements Loop {
        @Override
        public long turn() {
            newlyDue = false;
            boolean worked = LogWriter.this.turn();
            syncIfDue();
            long due = syncDue;
            return worked ? AT_ONCE : due == Long.MAX_VALUE ? WHEN_WOKEN : Math.max(due, clock.nowNanos() + AGAIN_NANOS);
        }

        @Override
        public boolean ready() {
            return newlyDue || !inbox.isEmpty() && !busy.get(); // whoever writes wakes it then
        }

        @Override
        public Parking parking() {
            return parking;
        }
    }

    private static final class Waiting extends Intake.Linked<Waiting> {
        private final Proposal request;

        private Waiting(Proposal request) {
            this.request = request;
        }
    }
}

package org.memphisee.core.partition;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.log.ShardResources;

/**
 * Proposes what was imported on this node to the replication group of a partition that is being filled, batch by batch as it was
 * stored: each member stores it as it stores what is published. What is proposed and not decided has a limit of bytes; the first that
 * is not committed ends it. On the worker, one step at a time.
 */
final class PartitionFill {

    /** What is proposed and not decided is asked not to be more; one batch may go beyond it. */
    private static final long MAX_UNDECIDED = 8L << 20;

    private final long from;
    private final long to;
    private final LogStore store;
    private final ShardResources resources;
    private final Executor worker;
    private final Consumer<Optional<StoreException>> done;
    private final Queue<Long> batches = new ArrayDeque<>();
    /** What comes behind the batches: cursors, and the state. */
    private final Queue<StoreChange> rest = new ArrayDeque<>();
    private final AtomicLong undecided = new AtomicLong();
    private final AtomicLong proposals = new AtomicLong();
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile StoreException failure;
    private boolean ended;

    /** {@code done} is told once, on the worker, when everything that was proposed is decided. */
    PartitionFill(long from, long to, LogStore store, ShardResources resources, Executor worker,
                  Consumer<Optional<StoreException>> done) {
        this.from = from;
        this.to = to;
        this.store = store;
        this.resources = resources;
        this.worker = worker;
        this.done = done;
    }

    /** Any thread. */
    void begin() {
        worker.execute(() -> {
            try {
                store.recoverPartition(from, new Found());
            } catch (StoreException e) {
                failure = e;
            }
            step();
        });
    }

    /** What the store has of the partition. */
    private final class Found implements LogStore.PartitionVisitor {

        @Override
        public void state(byte[] state) {
            rest.add(new StoreChange.PutPartitionState(to, state));
        }

        @Override
        public void tombstones(long firstSequence, byte[] tombstones) {
            throw new IllegalStateException("nobody removed anything from what is imported");
        }

        @Override
        public void batch(StoredSummary summary) {
            batches.add(summary.firstSequence());
        }

        @Override
        public void cursor(long consumer, byte[] state) {
            rest.add(new StoreChange.PutCursor(to, consumer, state));
        }
    }

    private void wake() {
        if (awake.compareAndSet(false, true)) {
            worker.execute(this::step);
        }
    }

    private void step() {
        awake.set(false);
        while (failure == null && undecided.get() < MAX_UNDECIDED && !(batches.isEmpty() && rest.isEmpty())) {
            try {
                propose(batches.isEmpty() ? rest.poll() : read(batches.poll()));
            } catch (StoreException e) {
                failure = e;
            }
        }
        boolean nothingLeft = failure != null || batches.isEmpty() && rest.isEmpty();
        if (nothingLeft && proposals.get() == 0 && !ended) {
            ended = true;
            done.accept(Optional.ofNullable(failure));
        }
    }

    private StoreChange read(long key) throws StoreException {
        BatchSummary summary = BatchSummary.of(store.readSummary(from, key));
        byte[] record = store.readBatch(from, key);
        return new StoreChange.PutBatch(to, summary, record, 0, record.length);
    }

    private void propose(StoreChange change) {
        int bytes = change instanceof StoreChange.PutBatch batch ? batch.length()
            : change instanceof StoreChange.PutCursor cursor ? cursor.state().length : 0;
        undecided.addAndGet(bytes);
        proposals.incrementAndGet();
        resources.shard().execute(() -> resources.group().propose(new Proposal(List.of(change), true, bytes, outcome -> {
            if (outcome instanceof WriteOutcome.Failed failed && failure == null) {
                failure = failed.cause();
            }
            undecided.addAndGet(-bytes);
            proposals.decrementAndGet();
            wake();
        })));
    }
}

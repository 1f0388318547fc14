package org.memphisee.core.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.log.PartitionState;
import org.memphisee.core.partition.log.ShardResources;

/**
 * Stores what a partition will consist of, with sequences and times as they are given, before anybody knows the partition:
 * when a definition names it, it is there with everything; until then a crash leaves what the next start removes. One thread
 * at a time.
 */
public final class PartitionImport {

    private final long id;
    private final ShardResources resources;
    private final ImportBatch batch;
    private final AtomicLong unwritten = new AtomicLong();
    private volatile StoreException failure;
    private volatile Runnable progress = () -> { };

    PartitionImport(long id, ShardResources resources) {
        this.id = id;
        this.resources = resources;
        this.batch = new ImportBatch(id);
    }

    /** The partition's number. */
    public long id() {
        return id;
    }

    /** Told on any thread when {@link #unwritten} has become less. */
    public void whenWritten(Runnable told) {
        progress = told;
    }

    /** Bytes that wait for the disk. */
    public long unwritten() {
        return unwritten.get();
    }

    /** Why the store did not take it; empty while all is well. */
    public Optional<StoreException> failure() {
        return Optional.ofNullable(failure);
    }

    /** The next message; its sequence is above that of the one before. */
    public void add(String subject, long sequence, long timeNanos, int headerLength, byte[] body) {
        if (batch.full(sequence, body.length)) {
            put();
        }
        batch.add(subject, sequence, timeNanos, headerLength, body);
    }

    private void put() {
        StoreChange.PutBatch change = batch.take();
        unwritten.addAndGet(change.length());
        propose(List.of(change), false, change.length(), outcome -> {
            unwritten.addAndGet(-change.length());
            progress.run();
        });
    }

    /**
     * That was all.
     *
     * @param first first sequence that is there, or would be
     * @param last last sequence given out
     * @param lastTimeNanos its store time
     * @param cursors states of consumers by their numbers
     * @param done told once when all of it is durable, or why it is not; on any thread
     */
    public void finish(long first, long last, long lastTimeNanos, Map<Long, byte[]> cursors,
                       Consumer<Optional<StoreException>> done) {
        if (!batch.empty()) {
            put();
        }
        batch.close(); // who waits for others holds no room meanwhile
        List<StoreChange> changes = new ArrayList<>();
        changes.add(new StoreChange.PutPartitionState(id, PartitionState.encode(first, last, lastTimeNanos)));
        cursors.forEach((consumer, state) -> changes.add(new StoreChange.PutCursor(id, consumer, state)));
        int bytes = cursors.values().stream().mapToInt(state -> state.length).sum();
        propose(changes, true, bytes, outcome -> done.accept(failure()));
    }

    /** Nothing of it is wanted any more. */
    public void drop() {
        progress = () -> { };
        resources.shard().execute(() -> new StoredDrop(id, resources).submit(() -> { }));
    }

    private void propose(List<StoreChange> changes, boolean sync, int bytes, Consumer<WriteOutcome> ended) {
        resources.shard().execute(() -> resources.group().propose(new Proposal(changes, sync, bytes, outcome -> {
            if (outcome instanceof WriteOutcome.Failed failed && failure == null) {
                failure = failed.cause();
            }
            ended.accept(outcome);
        })));
    }
}

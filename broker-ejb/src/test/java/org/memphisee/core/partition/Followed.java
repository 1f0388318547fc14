package org.memphisee.core.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.log.PartitionState;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.store.memory.MemoryLogStore;

/** A partition that decides nothing: it has what a store had once, and what the store was told since then. */
public final class Followed {

    private final PartitionFixture f;
    private long told;

    private Followed(PartitionFixture f) {
        this.f = f;
    }

    /** One that begins with nothing; a follower of the fixture's own id. */
    static Followed empty(PartitionFixture fixture) {
        return new Followed(fixture);
    }

    /**
     * One that begins with what a store has.
     *
     * @param found is its own from now on
     * @param nowNanos the monotonic time
     */
    public static Followed of(long partition, StreamConfig config, MemoryLogStore found, long nowNanos) {
        PartitionFixture f = new PartitionFixture(config, false);
        f.cacheBytes = 2_000;
        f.id = partition;
        f.clock.now = nowNanos;
        found.free(Long.MAX_VALUE);
        f.store = found;
        f.crash();
        f.settle();
        return new Followed(f);
    }

    /** The store takes one more write; no more than that of it is there when it is applied. */
    public void write(List<StoreChange> changes) throws StoreException {
        List<Boolean> done = new ArrayList<>();
        f.shard.execute(() -> {
            f.partition.enter();
            try {
                f.partition.applied().apply(changes, done::add);
            } catch (StoreException e) {
                throw new IllegalStateException(e);
            }
        });
        f.settle();
        if (!done.equals(List.of(true))) {
            String all = changes.toString();
            throw new AssertionError(all.substring(0, Math.min(2_000, all.length())) + " ended as " + done);
        }
        f.store.write(changes, true);
        for (StoreChange change : changes) {
            if (change instanceof StoreChange.PutPartitionState c) {
                told = Math.max(told, PartitionState.decode(c.state()).last());
            }
        }
    }

    /** All its messages, by sequence. */
    public Map<Long, StoredMessage> messages() {
        Map<Long, StoredMessage> all = new TreeMap<>();
        for (long s = 1; s <= f.partition.view().lastSequence(); s++) {
            Optional<StoredMessage> found = f.message(s);
            found.ifPresent(m -> all.put(m.sequence(), m));
        }
        return all;
    }

    /** What it says of all its messages. */
    public StreamState state() {
        f.partition.run(p -> f.partition.consumersChanged()); // it says anew how it is
        f.settle();
        return f.state();
    }

    /** Last sequence that the store was ever told of beside batches. */
    public long told() {
        return told;
    }

    /** How many messages each subject has. */
    public Map<String, Long> subjects() {
        return f.subjectCounts("");
    }
}

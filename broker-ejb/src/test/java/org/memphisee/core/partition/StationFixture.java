package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.ReplicationGroup;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.partition.publish.StationWindow;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.TestClock;
import org.memphisee.core.time.Timings;
import org.memphisee.port.PublishRequest;
import org.memphisee.store.memory.MemoryLogStore;

/**
 * A station with several partitions on several shards, with one writer and one disk. All of it moves only when told to: one
 * thread, one seed, no waiting.
 */
final class StationFixture {

    static final long SECOND = 1_000_000_000L;

    final TestClock clock = new TestClock();
    final List<Throwable> escaped = new ArrayList<>();
    final Random random;
    final List<Shard> shards = new ArrayList<>();
    final List<Partition> partitions = new ArrayList<>();
    /** Those that are to be found damaged at the next start. */
    final Set<Integer> damaged = new HashSet<>();
    final Set<Integer> removed = new HashSet<>();
    private final List<StreamConfig> configs = new ArrayList<>();
    /** How the next proposal of a shard ends without reaching the disk, by shard. */
    final Map<Integer, WriteOutcome.Failed> endings = new HashMap<>();
    MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    LogWriter writer;
    IndexBudget index;
    private final int shardCount;
    /** Whether shards write little groups themselves. */
    private final boolean inline;

    StationFixture(Random random, int shardCount, int partitionCount, long windowNanos, StreamConfig.Storage storage,
                   boolean inline) {
        this.inline = inline;
        this.random = random;
        this.shardCount = shardCount;
        for (int i = 0; i < partitionCount; i++) {
            configs.add(named("st$" + (i + 1), windowNanos, storage));
        }
        start();
    }

    private static StreamConfig named(String name, long windowNanos, StreamConfig.Storage storage) {
        StreamConfig c = PartitionFixture.config(b -> b);
        return new StreamConfig(name, "", List.of(name + ".>"), c.retention(), -1, -1, -1, -1, 0, -1, c.discard(), false,
            storage, 1, false, windowNanos, 0, "none", false, false, false, false, false, false,
            StreamConfig.Republish.NONE, 0, 0, Map.of(), c.durability(), 0, c.placement());
    }

    private void start() {
        shards.clear();
        partitions.clear();
        writer = new LogWriter(store, clock, SECOND);
        index = new IndexBudget(64 << 20, 1 << 20);
        List<ShardResources> resources = new ArrayList<>();
        for (int i = 0; i < shardCount; i++) {
            Shard shard = new Shard(i, clock, () -> { }, (s, e) -> escaped.add(e), 1 << 20);
            shards.add(shard);
            resources.add(new ShardResources(shard, new Scripted(i, new SoloGroup(shard, writer, inline ? 400 : 0)),
                new BatchCache(1 << 20), index, new BatchLoader(store, Runnable::run), new StorageGuard(),
                (subject, header, payload) -> { }, new NoInboxes(), () -> 7, SECOND / 10, (p, c) -> { }, false,
                new Timings()));
        }
        StationWindow window = new StationWindow(index);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < configs.size(); i++) {
            order.add(i);
            partitions.add(null);
        }
        Collections.shuffle(order, random);
        for (int i : order) {
            if (!removed.contains(i)) {
                partitions.set(i, new Partition(i + 1, clock.wallNanos(), configs.get(i),
                    resources.get(i % shardCount), new IgnoringListener(), Optional.of(window)));
                recover(i);
            }
        }
        partitions.stream().filter(p -> p != null).forEach(p -> p.run(PartitionOperations::opened));
        settle();
    }

    private void recover(int i) {
        try {
            if (configs.get(i).storage() == StreamConfig.Storage.FILE) {
                partitions.get(i).recover(store);
            }
            if (damaged.contains(i)) {
                throw new StoreException("damaged", null, false);
            }
        } catch (StoreException e) {
            partitions.get(i).failedRecovery(e);
        }
    }

    /** The process dies; what was not synced is forgotten. A new one starts on the same disk. */
    void crash() {
        store.crash();
        store = store.reopen();
        start();
    }

    Shard shard(int partition) {
        return shards.get(partition % shardCount);
    }

    void window(int partition, long nanos) {
        StreamConfig next = named(configs.get(partition).name(), nanos, configs.get(partition).storage());
        configs.set(partition, next);
        shard(partition).execute(() -> partitions.get(partition).configure(next));
    }

    void remove(int partition) {
        removed.add(partition);
        shard(partition).execute(() -> partitions.get(partition).remove(() -> { }));
    }

    /** Something unforeseen happens while the partition is worked on. */
    void escape(int partition) {
        shard(partition).execute(() -> {
            partitions.get(partition).enter();
            throw new IllegalStateException("unforeseen");
        });
    }

    PublishAnswer publish(int partition, String id) {
        PublishAnswer answer = new PublishAnswer();
        PublishRequest r = Requests.publish(configs.get(partition).name() + ".final", Requests.header("msg-id", id),
            id.getBytes(StandardCharsets.UTF_8));
        Partition p = partitions.get(partition);
        shard(partition).execute(() -> p.publish(r, answer));
        return answer;
    }

    /** Everybody does what there is to do, in some order, until nothing is left. */
    void settle() {
        for (int idle = 0; idle < 3; idle++) { // what one shard hands to another is done in the next round
            boolean worked = false;
            for (int i : order()) {
                if (i == shardCount) {
                    worked |= writer.turn();
                } else {
                    worked |= shards.get(i).turn() == 0;
                    clock.now = Math.max(clock.now, shards.get(i).takeNap());
                }
            }
            idle = worked ? -1 : idle;
        }
        if (!escaped.isEmpty()) {
            throw new AssertionError("an exception escaped into a shard", escaped.get(0));
        }
    }

    private List<Integer> order() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i <= shardCount; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        return order;
    }

    Optional<StoredMessage> message(int partition, long sequence) {
        List<Optional<StoredMessage>> found = new ArrayList<>();
        partitions.get(partition).run(p -> p.message(sequence, read -> found.add(read.found())));
        settle();
        return found.get(0);
    }

    /** One shard's group, which may be told how to end. */
    private final class Scripted implements ReplicationGroup {
        private final int shard;
        private final ReplicationGroup solo;

        private Scripted(int shard, ReplicationGroup solo) {
            this.shard = shard;
            this.solo = solo;
        }

        @Override
        public void propose(Proposal proposal) {
            WriteOutcome.Failed ending = endings.remove(shard);
            if (ending == null) {
                solo.propose(proposal);
            } else {
                proposal.fence().close(ending);
                proposal.ending().ended(ending);
            }
        }

        @Override
        public int smallBytes() {
            return solo.smallBytes();
        }
    }

    private static final class NoInboxes implements ShardResources.Inboxes {
        @Override
        public Inbox inbox(String subject, String queueGroup) {
            throw new AssertionError("nobody consumes");
        }

        @Override
        public AutoCloseable watch(String subject, Shard shard, Runnable changed) {
            throw new AssertionError("nobody consumes");
        }
    }
}

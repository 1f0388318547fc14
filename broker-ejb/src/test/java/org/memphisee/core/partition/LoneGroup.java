package org.memphisee.core.partition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.replication.Replicas;
import org.memphisee.core.replication.ReplicatedGroup;
import org.memphisee.core.replication.ShardReplica;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.TestClock;
import org.memphisee.core.time.Timings;
import org.memphisee.port.PublishRequest;
import org.memphisee.store.memory.MemoryLogStore;

/** A node of a group whose other members are the test's: what is proposed is committed when it says so. One thread. */
final class LoneGroup implements Replicas {

    static final long GROUP = 3;
    static final long PARTITION = 1;
    static final long PATIENCE = 4 * PartitionFixture.SECOND;

    final TestClock clock = new TestClock();
    final HearingInboxes inboxes = new HearingInboxes();
    final List<byte[]> proposed = new ArrayList<>();
    /** Subjects of what the partition published. */
    final List<String> published = new ArrayList<>();
    final MemoryLogStore store;
    private final ArrayDeque<Runnable> reads = new ArrayDeque<>();
    private final List<Throwable> escaped = new ArrayList<>();
    private final Shard shard = new Shard(0, clock, () -> { }, (s, e) -> escaped.add(e), 1 << 20);
    private final LogWriter writer;
    final GroupPartitions partitions;
    final ShardReplica replica;
    private long index;
    private long term;

    LoneGroup(StreamConfig config, MemoryLogStore store) throws StoreException {
        this.store = store;
        writer = new LogWriter(store, clock, PartitionFixture.SECOND);
        SoloGroup own = SoloGroup.unsynced(shard, writer, 0);
        ReplicatedGroup group = new ReplicatedGroup(GROUP, shard, own, () -> 0, PATIENCE, 1 << 20);
        ShardResources alone = new ShardResources(shard, new SoloGroup(shard, writer), new BatchCache(1 << 20),
            new IndexBudget(16 << 20,
            1 << 20), new BatchLoader(store, reads::add), new StorageGuard(), (subject, header, payload) -> published.add(subject),
            inboxes, () -> 5,
            PartitionFixture.SECOND / 10, (p, c) -> { }, false, new Timings());
        partitions = new GroupPartitions(alone.with(group), store, new IgnoringListener(), PATIENCE);
        replica = new ShardReplica(GROUP, shard, own, group, partitions, GroupPosition.read(store, GROUP),
            ShardReplica.Sync.DEFAULT);
        replica.begin(this);
        index = replica.position().index();
        term = replica.position().term();
        partitions.create(PARTITION, 1, config);
        partitions.define(PARTITION, new ConsumerDefinition(100, consumer(""), 1, 1));
        settle();
    }

    /** The group's consumer. */
    static ConsumerConfig consumer(String description) {
        return new ConsumerConfig("c", true, description, ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, 30 * PartitionFixture.SECOND, -1, List.of(), List.of(), false, false, 0, 0, 512, -1,
            0, false, false, 0, 0, 0, "", "", 0, 0, false, Map.of());
    }

    @Override
    public void propose(long epoch, long ordinal, byte[] entry) {
        proposed.add(entry);
    }

    @Override
    public void stored(long upTo) { }

    @Override
    public void failed(String why) {
        throw new AssertionError(why);
    }

    /** Somebody leads from now on: this node, or another one. */
    void leader(boolean self) {
        if (replica.role() == ShardReplica.Role.LEADING) {
            replica.ceased();
        }
        term++;
        committed(EntryCodec.encode(new Entry(EntryKind.LEAD, GROUP, GroupPosition.epoch(term), 1, 0, 0, List.of(),
            List.of(new EntryChange.Leader(self ? "self" : "other")))));
        if (self) {
            replica.leads(GroupPosition.epoch(term));
        } else {
            replica.leader(true);
        }
        settle();
    }

    /** Nobody is known to lead. */
    void nobody() {
        if (replica.role() == ShardReplica.Role.LEADING) {
            replica.ceased();
        } else {
            replica.leader(false);
        }
        settle();
    }

    private void committed(byte[] entry) {
        replica.committed(++index, term, entry, 0, entry.length);
    }

    /** Everything that is proposed is committed, and what comes of that. */
    void commit() {
        settle();
        while (!proposed.isEmpty()) {
            committed(proposed.remove(0));
            settle();
        }
    }

    PublishAnswer publish(String subject, String payload) {
        PublishAnswer answer = new PublishAnswer();
        PublishRequest r = Requests.publish(subject, Requests.header(), payload.getBytes(StandardCharsets.UTF_8));
        shard.execute(() -> partitions.publish(PARTITION, r, answer));
        settle();
        return answer;
    }

    /** To an object that may be another one by now. */
    PublishAnswer publish(Partition to, String subject, String payload) {
        PublishAnswer answer = new PublishAnswer();
        PublishRequest r = Requests.publish(subject, Requests.header(), payload.getBytes(StandardCharsets.UTF_8));
        shard.execute(() -> to.publish(r, answer));
        settle();
        return answer;
    }

    PublishAnswer publish(long partition, String subject, String payload, String id) {
        PublishAnswer answer = new PublishAnswer();
        PublishRequest r = Requests.publish(subject, Requests.header("Nats-Msg-Id", id), payload.getBytes(StandardCharsets.UTF_8));
        shard.execute(() -> partitions.publish(partition, r, answer));
        settle();
        return answer;
    }

    /** Several messages in one batch, each with its subject as payload. */
    void publishTogether(String... subjects) {
        for (String subject : subjects) {
            PublishRequest r = Requests.publish(subject, Requests.header(), subject.getBytes(StandardCharsets.UTF_8));
            shard.execute(() -> partitions.publish(PARTITION, r, (request, outcome) -> { }));
        }
        settle();
    }

    /** First sequences of the batches of which the store knows that something is gone. */
    List<Long> tombstones() throws StoreException {
        List<Long> found = new ArrayList<>();
        store.recoverPartition(PARTITION, new LogStore.PartitionVisitor() {
            @Override
            public void state(byte[] state) { }

            @Override
            public void tombstones(long firstSequence, byte[] tombstones) {
                found.add(firstSequence);
            }

            @Override
            public void batch(StoredSummary summary) { }

            @Override
            public void cursor(long consumer, byte[] state) { }
        });
        return found;
    }

    void pull() {
        byte[] bytes = "c{\"batch\":1,\"expires\":3600000000000}".getBytes(StandardCharsets.UTF_8);
        shard.execute(() -> partitions.partition(PARTITION).pull(new PublishRequest(bytes, 0, 1, 1, 0, 1, 0, bytes.length - 1),
            0, 1,
            "inbox"));
        settle();
    }

    /** A client says what it did with a message. */
    void say(String ackSubject, String word) {
        say(ackSubject, word, "");
    }

    /** The same, and it wants an answer when that is durable. */
    void say(String ackSubject, String word, String reply) {
        byte[] bytes = (ackSubject + word).getBytes(StandardCharsets.UTF_8);
        int subject = ackSubject.length();
        shard.execute(() -> partitions.partition(PARTITION).acknowledge(new PublishRequest(bytes, 0, subject, subject, 0, subject, 0,
            bytes.length - subject), reply));
        settle();
    }

    void advance(long nanos) {
        clock.now += nanos;
        settle();
    }

    void settle() {
        boolean worked = true;
        while (worked) {
            worked = shard.turn() == 0;
            clock.now = Math.max(clock.now, shard.takeNap());
            worked |= writer.turn();
            worked |= !reads.isEmpty();
            while (!reads.isEmpty()) {
                reads.poll().run();
            }
        }
        if (!escaped.isEmpty()) {
            throw new AssertionError("an exception escaped into the shard", escaped.get(0));
        }
    }

    /** Payloads, in order. */
    List<String> payloads() {
        List<String> all = new ArrayList<>();
        Partition partition = partitions.partition(PARTITION);
        partition.run(operations -> {
            for (long s = 1; s <= partition.state().lastSeq(); s++) {
                operations.message(s, read -> read.found().ifPresent(m -> all.add(new String(m.payload(),
                    StandardCharsets.UTF_8))));
            }
        });
        settle();
        return all;
    }
}

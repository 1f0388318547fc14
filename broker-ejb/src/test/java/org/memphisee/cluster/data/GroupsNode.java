package org.memphisee.cluster.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeReport;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.Membership;
import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.cluster.Leaders;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.Partition;
import org.memphisee.core.partition.PartitionTable;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Timings;
import org.memphisee.port.PublishRequest;
import org.memphisee.simulation.SeededWorld;
import org.memphisee.simulation.SimJournalFiles;
import org.memphisee.store.memory.MemoryLogStore;

/** A node between two starts: shards, a table of partitions and the groups of its loop; definitions are the test's. */
final class GroupsNode {

    private static final JournalSettings JOURNAL = new JournalSettings(1 << 20, 4096, 64 << 10, 1 << 20, 1 << 16, 8L << 20, 0, 32);
    private static final int SHARDS = 2;

    final SeededWorld world;
    final NodeGroups loop;
    final DataGroups groups;
    final PartitionTable table;
    final Leaders leaders;
    final Listening inboxes = new Listening();
    final List<String> reports = new ArrayList<>();
    /** Where each partition is served, as routers are told: "here", "elsewhere" or nothing. */
    final Map<Long, String> bound = new TreeMap<>();
    private final List<ShardResources> shards;
    private final MemoryLogStore store;

    GroupsNode(String name, long seed, MemoryLogStore store, SimJournalFiles disk) throws JournalException, StoreException {
        this.store = store;
        world = new SeededWorld(seed);
        RaftJournal journal = RaftJournal.open(disk, JOURNAL, world.clock(), world.random());
        NodeReport report = new NodeReport() {
            @Override
            public void notUnderstood(String peer, String why) {
                reports.add(why);
            }

            @Override
            public void groupFailed(long group, String why, Throwable cause) {
                reports.add("group " + group + " failed: " + why);
            }

            @Override
            public void unexpected(Throwable cause) {
                throw new AssertionError(cause);
            }
        };
        loop = new NodeGroups(name, world.clock(), journal, ReplicaSettings.DEFAULT, world.random(), report);
        LogWriter writer = new LogWriter(store, world.clock(), 1_000_000_000L);
        BatchLoader loader = new BatchLoader(store, world.readers(1));
        IndexBudget index = new IndexBudget(16 << 20, 1 << 20);
        shards = IntStream.range(0, SHARDS).mapToObj(i -> new Shard(i, world.clock(), () -> { }, (s, e) -> {
            throw new AssertionError(e);
        }, 1 << 20)).map(shard -> new ShardResources(shard, new SoloGroup(shard, writer), new BatchCache(1 << 20), index, loader,
            new StorageGuard(), inboxes::published, inboxes, world.random()::nextLong, 100_000_000L, (p, c) -> { }, false,
            new Timings())).toList();
        Bound listener = new Bound();
        table = new PartitionTable(shards, store, listener);
        leaders = new Leaders(name);
        groups = new DataGroups(loop, journal, leaders, report,
            new DataReport() {
                @Override
                public void behind(long group) {
                    reports.add("behind " + group);
                }

                @Override
                public void rebuilt(long group) {
                    reports.add("rebuilt " + group);
                }

                @Override
                public void leader(long group, String leader) { }
            }).in(new Membership.Rooms(shards, store, writer, listener, world.clock()));
        table.homes(groups);
        journal.start(world);
        writer.start(world);
        shards.forEach(shard -> world.run("shard", shard.shard()));
        loop.start(world);
    }

    /** A journal before there is a node. */
    static RaftJournal journal(SimJournalFiles disk) throws JournalException {
        return RaftJournal.open(disk, JOURNAL, BrokerClock.SYSTEM, new Random(1));
    }

    /** What the store has of partitions that are defined, before anything is written. */
    void retain(Set<Long> partitions, GroupMap map) throws StoreException {
        Set<Long> kept = LetterRules.withLetters(partitions);
        map.groups().forEach(group -> kept.add(GroupPosition.partition(group.id())));
        store.retainPartitions(kept);
    }

    /** What became of a message that was published here. */
    static final class Heard {
        PublishOutcome outcome;

        long sequence() {
            return outcome instanceof PublishOutcome.Stored stored ? stored.sequence() : 0;
        }
    }

    Heard publish(long partition, String payload) {
        Heard heard = new Heard();
        PublishRequest request = Requests.publish("s.a", "", payload);
        Partition alone = table.group(partition).isPresent() ? null : table.here(partition);
        if (alone != null) {
            alone.resources().shard().execute(() -> alone.publish(request, (r, outcome) -> heard.outcome = outcome));
        } else {
            table.group(partition).ifPresent(group -> shardOf(partition).shard().execute(() ->
                group.publish(partition, request, (r, outcome) -> heard.outcome = outcome)));
        }
        return heard;
    }

    private ShardResources shardOf(long partition) {
        return table.here(partition).resources();
    }

    /** What is stored of a partition here, as far as this node has it. */
    List<String> payloads(long partition) {
        List<String> all = new ArrayList<>();
        Partition p = table.here(partition);
        p.run(operations -> {
            for (long s = 1; s <= operations.state().lastSeq(); s++) {
                operations.message(s, read -> read.found().ifPresent(m -> all.add(new String(m.payload(),
                    StandardCharsets.UTF_8))));
            }
        });
        world.settle();
        return all;
    }

    void pull(long partition, String consumer) {
        PublishRequest r = Requests.pull(consumer, 10);
        shardOf(partition).shard().execute(() -> table.here(partition).pull(r, r.subjectOffset(), r.subjectLength(), "inbox"));
        world.settle();
    }

    private final class Bound implements PartitionTable.Listener {

        @Override
        public void opened(Partition partition) {
            bound.put(partition.id(), "here");
        }

        @Override
        public void changed(Partition partition, StreamConfig before) { }

        @Override
        public void closed(Partition partition) {
            bound.remove(partition.id());
        }

        @Override
        public void elsewhere(long id, StreamConfig config) {
            bound.put(id, "elsewhere");
        }

        @Override
        public void gone(long id) {
            bound.remove(id);
        }

        @Override
        public void frozen(Partition partition, StoreException cause) {
            reports.add("frozen: " + cause);
        }
    }
}

package org.memphisee.cluster.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.memphisee.cluster.raft.GroupLinks;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.contract.WatchedStore;
import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.Timings;
import org.memphisee.core.partition.ConsumerDefinition;
import org.memphisee.core.partition.GroupPartitions;
import org.memphisee.core.partition.Partition;
import org.memphisee.core.partition.PartitionTable;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.Mending;
import org.memphisee.core.partition.log.BatchCache;
import org.memphisee.core.partition.log.BatchLoader;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StorageGuard;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.replication.ReplicatedGroup;
import org.memphisee.core.replication.ShardReplica;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Loop;
import org.memphisee.simulation.SimJournalFiles;
import org.memphisee.simulation.SimLinks;
import org.memphisee.store.memory.MemoryLogStore;

/** A node with one replicated group: its disk, its store, its clock, and everything that lives between two starts. One thread. */
final class DataNode {

    static final long GROUP = 1;
    /** Less than in production, so that it ends before the story does. */
    static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final long EPOCH = 1_700_000_000_000_000_000L;
    private static final int SEGMENT = 16 << 10;
    private static final JournalSettings JOURNAL = new JournalSettings(SEGMENT, 512, 8 << 10, SEGMENT, 4 << 10, 4L * SEGMENT, 0, 1);
    /** So little that offers have to be repeated. */
    private static final RebuildSettings REBUILD = new RebuildSettings(200_000, 2_000);

    /** What is defined of all nodes alike. */
    record Defined(long partition, StreamConfig config, List<ConsumerDefinition> consumers) { }

    final String name;
    final Listening inboxes = new Listening();
    final List<Throwable> escaped = new ArrayList<>();
    SimJournalFiles disk;
    MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    RaftJournal journal;
    JournalGroup log;
    Shard shard;
    GroupPartitions partitions;
    ShardReplica applied;
    DataGroup group;
    boolean alive;
    /** Its disk is another one, and it was not rebuilt since. */
    boolean lost;
    boolean rebuilt;
    boolean wasBehind;
    long pausedUntil;
    private final List<String> names;
    private final List<Defined> defined;
    private final ReplicaSettings settings;
    private final Random chance;
    private final ArrayDeque<Runnable> reads = new ArrayDeque<>();
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    private final double rate;
    private final long offset;
    private final long seed;
    private final long cacheBytes;
    private LogWriter writer;
    private long now;
    private long napUntil;
    private int lives;
    private final BrokerClock clock = new BrokerClock() {
        @Override
        public long wallNanos() {
            return EPOCH + nowNanos();
        }

        @Override
        public long nowNanos() {
            return offset + (long) (now * rate);
        }
    };

    DataNode(String name, List<String> names, List<Defined> defined, ReplicaSettings settings, long seed) {
        this.name = name;
        this.names = names;
        this.defined = defined;
        this.settings = settings;
        this.seed = seed * 131 + names.indexOf(name);
        chance = new Random(this.seed);
        disk = new SimJournalFiles(this.seed);
        rate = 0.97 + chance.nextDouble() * 0.06;
        offset = chance.nextInt(1_000_000_000);
        cacheBytes = new long[] {500, 5_000, 1 << 20}[chance.nextInt(3)];
    }

    /** Its monotonic clock. */
    long clock() {
        return clock.nowNanos();
    }

    void time(long worldNanos) {
        now = worldNanos;
    }

    boolean leads() {
        return alive && applied.role() == ShardReplica.Role.LEADING;
    }

    // ---- life

    void start(GroupLinks links, SimLinks<byte[]> bulk, Consumer<List<StoreChange>> written) throws JournalException, StoreException {
        journal = RaftJournal.open(disk, JOURNAL, clock, new SplittableRandom(seed * 100 + lives++));
        log = journal.group(GROUP);
        if (log.standing() == Standing.ABSENT && !lost) {
            log.begin(0, 0, 0, "");
            journal.turn();
        }
        shard = new Shard(0, clock, () -> { }, (s, e) -> escaped.add(e), 1 << 20);
        LogStore watched = WatchedStore.of(store, written);
        writer = new LogWriter(watched, clock, 1_000_000_000L);
        Random numbers = new Random(seed + lives);
        SoloGroup own = SoloGroup.unsynced(shard, writer, numbers.nextBoolean() ? 1_000 : 0);
        ReplicatedGroup decisions = new ReplicatedGroup(GROUP, shard, own, () -> 0, PATIENCE_NANOS, JOURNAL.maxEntryBytes());
        ShardResources alone = new ShardResources(shard, new SoloGroup(shard, writer), new BatchCache(cacheBytes),
            new IndexBudget(16 << 20, 1 << 20), new BatchLoader(watched, reads::add), new StorageGuard(), inboxes::published,
                inboxes,
            numbers::nextLong, 100_000_000L, (p, c) -> { }, false, new Timings());
        partitions = new GroupPartitions(alone.with(decisions), watched, new Quiet(), PATIENCE_NANOS);
        GroupPosition position = GroupPosition.read(store, GROUP);
        if (log.standing() == Standing.COMPLETE) {
            log.applied(Math.min(position.index(), log.lastIndex()));
        }
        rebuilt = false;
        wasBehind = false;
        if (log.standing() != Standing.COMPLETE || !position.whole()) {
            partitions.unread();
        }
        applied = new ShardReplica(GROUP, shard, own, decisions, partitions, position,
            new ShardReplica.Sync(4_000, 300_000_000L));
        group = new DataGroup(new DataGroup.Place(name, names, log, links), position, applied, clock, () -> 0, settings,
            new SplittableRandom(seed + lives), () -> { }, new GroupRebuild.Parts(log, applied, partitions, shard, watched, writer,
                reads::add, () -> 0, REBUILD, Mending.NOWHERE, settings.election().forgottenNanos(names.size())), new RebuildWay() {
                    @Override
                    public boolean send(String peer, byte[] frame) {
                        bulk.send(name, peer, frame, now);
                        return true;
                    }

                    @Override
                    public void resume(Runnable task) {
                        inbox.add(task);
                    }
                });
        for (Defined each : defined) {
            partitions.create(each.partition(), EPOCH, each.config());
            each.consumers().forEach(consumer -> partitions.define(each.partition(), consumer));
        }
        inboxes.epoch = () -> applied.position().epoch();
        napUntil = Long.MIN_VALUE;
        alive = true;
    }

    void end(boolean power) {
        alive = false;
        reads.clear();
        inbox.clear();
        if (power) {
            disk.powerCut();
        } else {
            disk.kill();
        }
        store.crash();
        store = store.reopen();
    }

    /** It comes back with nothing. */
    void loseDisk(long number) {
        if (alive) {
            end(true);
        }
        disk = new SimJournalFiles(number);
        store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        lost = true;
    }

    private void group() {
        boolean was = group.rebuilding();
        wasBehind |= group.behind();
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            task.run();
        }
        group.turn(clock());
        if (was && !group.rebuilding()) {
            rebuilt = true;
            lost = false;
        }
    }

    /** What there is to do, in any order; not all of it. */
    void turn() {
        for (int i = 0; i < 10; i++) {
            switch (chance.nextInt(5)) {
                case 0 -> group();
                case 1 -> {
                    journal.turn();
                    if (chance.nextInt(8) == 0) {
                        journal.reclaim();
                    }
                }
                case 2 -> writer.turn();
                case 3 -> read();
                default -> shard();
            }
        }
    }

    /** Whether there is more to do now. */
    private boolean shard() {
        if (clock() < napUntil) {
            return false;
        }
        boolean more = shard.turn() == Loop.AT_ONCE;
        napUntil = shard.takeNap();
        return more && clock() >= napUntil;
    }

    private void read() {
        Runnable next = reads.poll();
        if (next != null) {
            next.run();
        }
    }

    /** Everything that there is to do now. */
    void settle() {
        for (int i = 0; i < 3; i++) {
            boolean worked = true;
            while (worked) {
                worked = shard();
                worked |= writer.turn();
                worked |= !reads.isEmpty();
                read();
            }
            group();
            journal.turn();
        }
    }

    // ---- what is asked

    void ask(ShardCommand command) {
        shard.execute(command);
    }

    /** All messages of a partition, as it has them in memory. */
    Map<Long, String> messages(long partition) {
        Map<Long, String> all = new TreeMap<>();
        Partition it = partitions.partition(partition);
        it.run(operations -> {
            for (long s = 1; s <= it.state().lastSeq(); s++) {
                operations.message(s, read -> {
                    Optional<StoredMessage> found = read.found();
                    found.ifPresent(m -> all.put(m.sequence(), m.subject() + " " + m.timestampNanos() + " "
                        + new String(m.header(), StandardCharsets.UTF_8) + new String(m.payload(), StandardCharsets.UTF_8)));
                });
            }
        });
        settle();
        return all;
    }

    /** Of no concern here. */
    private final class Quiet implements PartitionTable.Listener {
        @Override
        public void opened(Partition partition) { }

        @Override
        public void changed(Partition partition, StreamConfig before) { }

        @Override
        public void closed(Partition partition) { }

        @Override
        public void frozen(Partition partition, StoreException cause) {
            escaped.add(cause);
        }
    }
}

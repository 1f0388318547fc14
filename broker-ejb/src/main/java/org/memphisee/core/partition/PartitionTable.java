package org.memphisee.core.partition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.index.IndexBudget;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.publish.StationWindow;
import org.memphisee.core.stream.StreamConfig;

/** The partitions of this node and the shards they are spread over. Changes by the control loop only. */
public final class PartitionTable implements PartitionRegistry {

    /** Told of partitions that come, change and go, on their shard's thread. */
    public interface Listener {
        /** It serves here, perhaps after it did elsewhere. */
        void opened(Partition partition);

        void changed(Partition partition, StreamConfig before);

        /** It is removed. */
        void closed(Partition partition);

        /** There is one that does not serve here, or does no longer, or has another configuration. Its shard's thread or the control loop. */
        default void elsewhere(long id, StreamConfig config) { }

        /** Another node is about to serve it, or after all not: until then messages for it wait. Its shard's thread. */
        default void handsOver(long id, boolean now) { }

        /** One that does not serve here is removed. Its shard's thread or the control loop. */
        default void gone(long id) { }

        /** A read or write failed: it takes no more publishes, the others go on (P2, P3). */
        void frozen(Partition partition, StoreException cause);
    }

    private final List<ShardResources> shards;
    private final ShardChoice choice;
    private final LogStore store;
    private final Listener listener;
    private final Map<Long, Partition> byId = new ConcurrentHashMap<>();
    private final Map<String, PartitionHandle> byName = new ConcurrentHashMap<>();
    /** Those of replication groups that this node is a member of. */
    private final Map<Long, Grouped> grouped = new ConcurrentHashMap<>();
    /** Those that other nodes have. */
    private final Map<Long, Elsewhere> elsewhere = new ConcurrentHashMap<>();
    private final Map<String, Elsewhere> elsewhereByName = new ConcurrentHashMap<>();
    /** Message ids of stations with several partitions, and which partitions these have. */
    private final Map<Long, StationWindow> windows = new ConcurrentHashMap<>();
    private final Map<Long, Long> stations = new ConcurrentHashMap<>();

    private GroupHomes homes = GroupHomes.ALONE;

    private record Grouped(GroupPartitions group, GroupedPartition partition) { }

    private record Elsewhere(long id, StreamConfig config, long createdNanos) implements KnownPartition {
        @Override
        public String name() {
            return config.name();
        }
    }

    /** A table without partitions. */
    public PartitionTable(List<ShardResources> shards, LogStore store, Listener listener) {
        this.shards = List.copyOf(shards);
        this.choice = new ShardChoice(shards);
        this.store = store;
        this.listener = listener;
    }

    /** Where partitions of replication groups are; before the first partition. */
    public void homes(GroupHomes of) {
        homes = of;
    }

    /** All that are here, also those that are only copied. */
    public Collection<Partition> all() {
        if (grouped.isEmpty()) {
            return byId.values();
        }
        List<Partition> all = new ArrayList<>(byId.values());
        grouped.values().stream().map(each -> each.partition.partition()).filter(Objects::nonNull).forEach(all::add);
        return all;
    }

    /** The object that has a partition here, null when there is none. Any thread. */
    public Partition here(long id) {
        Grouped inGroup = grouped.get(id);
        return inGroup == null ? byId.get(id) : inGroup.partition.partition();
    }

    /** The replication group of a partition here that is in one with other nodes. Any thread. */
    public Optional<GroupPartitions> group(long id) {
        return Optional.ofNullable(grouped.get(id)).map(Grouped::group);
    }

    @Override
    public void groups(GroupMap groups, boolean formed) {
        homes.groups(groups, formed);
    }

    @Override
    public void whenThere(Set<Long> partitions, long event, Runnable then) {
        homes.whenThere(partitions, event, then);
    }

    @Override
    public void create(long id, long group, long station, long createdNanos, StreamConfig config, Runnable done) {
        homes.placed(id, group);
        Optional<GroupPartitions> member = homes.member(group);
        if (member.isPresent()) {
            GroupedPartition partition = member.get().handle(id, station, createdNanos, config);
            grouped.put(id, new Grouped(member.get(), partition));
            byName.put(config.name(), partition);
            member.get().shard().execute(() -> {
                try {
                    member.get().createOrFail(partition);
                } finally {
                    done.run(); // a start waits for all of them
                }
            });
        } else if (homes.here(group)) {
            createHere(id, station, createdNanos, config, done);
        } else {
            elsewhere(new Elsewhere(id, config, createdNanos));
            done.run();
        }
    }

    private void elsewhere(Elsewhere partition) {
        elsewhere.put(partition.id(), partition);
        elsewhereByName.put(partition.name(), partition);
        listener.elsewhere(partition.id(), partition.config());
    }

    private void createHere(long id, long station, long createdNanos, StreamConfig config, Runnable done) {
        ShardResources resources = choice.take();
        Partition partition = new Partition(id, createdNanos, config, resources, listener, window(id, station));
        byId.put(id, partition);
        byName.put(config.name(), partition);
        resources.shard().execute(() -> {
            if (config.storage() == StreamConfig.Storage.FILE) {
                recover(partition);
            }
            try {
                partition.enter();
                listener.opened(partition);
            } finally {
                done.run(); // a start waits for all of them
            }
        });
    }

    private Optional<StationWindow> window(long id, long station) {
        if (station == 0) {
            return Optional.empty();
        }
        stations.put(id, station);
        IndexBudget index = shards.get(0).index(); // all shards share it
        return Optional.of(windows.computeIfAbsent(station, s -> new StationWindow(index)));
    }

    private void recover(Partition partition) {
        try {
            partition.recover(store);
        } catch (StoreException e) {
            partition.failedRecovery(e);
        } catch (RuntimeException | Error e) {
            partition.failedRecovery(new StoreException("partition " + partition.id() + ": " + e.getMessage(), e, false));
        }
    }

    @Override
    public void update(long id, StreamConfig config, Runnable done) {
        Grouped inGroup = grouped.get(id);
        if (inGroup != null) {
            inGroup.group.shard().execute(() -> {
                try {
                    inGroup.group.update(id, config);
                } finally {
                    done.run();
                }
            });
            return;
        }
        Elsewhere other = elsewhere.get(id);
        if (other != null) {
            elsewhere(new Elsewhere(id, config, other.createdNanos()));
            done.run();
            return;
        }
        Partition partition = byId.get(id);
        partition.resources().shard().execute(() -> {
            StreamConfig before = partition.config();
            partition.enter();
            try {
                partition.configure(config);
                listener.changed(partition, before);
            } finally {
                done.run();
            }
        });
    }

    @Override
    public void share(long id, long station, Runnable done) {
        Grouped inGroup = grouped.get(id);
        if (inGroup != null) {
            inGroup.group.shard().execute(() -> inGroup.group.share(id, station, done));
            return;
        }
        Partition partition = byId.get(id);
        if (partition == null || stations.containsKey(id)) {
            done.run();
            return;
        }
        StationWindow window = window(id, station).orElseThrow();
        partition.resources().shard().execute(() -> {
            partition.enter();
            partition.share(window, done);
        });
    }

    @Override
    public void remove(long id, Runnable done) {
        homes.removed(id);
        Grouped inGroup = grouped.remove(id);
        if (inGroup != null) {
            byName.remove(inGroup.partition.name(), inGroup.partition);
            inGroup.group.shard().execute(() -> inGroup.group.remove(id, done));
            return;
        }
        Elsewhere other = elsewhere.remove(id);
        if (other != null) {
            elsewhereByName.remove(other.name(), other);
            listener.gone(id);
            done.run();
            return;
        }
        Partition partition = byId.remove(id);
        if (partition == null) {
            done.run();
            return;
        }
        byName.remove(partition.name(), partition);
        Long station = stations.remove(id);
        if (station != null && !stations.containsValue(station)) {
            windows.remove(station);
        }
        choice.release(partition.resources());
        partition.resources().shard().execute(() -> {
            listener.closed(partition);
            partition.remove(done);
        });
    }

    @Override
    public PartitionImport importing(long id) {
        return new PartitionImport(id, shards.get((int) (id % shards.size()))); // which of them is no matter: nobody knows it yet
    }

    @Override
    public long memoryUsed() {
        return shards.get(0).guard().memory().used(); // all shards share it
    }

    @Override
    public Optional<PartitionHandle> byName(String streamName) {
        return Optional.ofNullable(byName.get(streamName));
    }

    @Override
    public Optional<KnownPartition> known(String streamName) {
        PartitionHandle here = byName.get(streamName);
        return Optional.ofNullable(here != null ? here : elsewhereByName.get(streamName));
    }

    @Override
    public Optional<KnownPartition> known(long id) {
        Grouped inGroup = grouped.get(id);
        KnownPartition here = inGroup != null ? inGroup.partition : byId.get(id);
        return Optional.ofNullable(here != null ? here : elsewhere.get(id));
    }

    @Override
    public Optional<PartitionDefiner> definer(String streamName) {
        PartitionHandle handle = byName.get(streamName);
        if (handle instanceof GroupedPartition inGroup) {
            return Optional.of(inGroup);
        }
        return handle != null ? Optional.of(how -> handle.run(how::accept))
            : elsewhereByName.containsKey(streamName) ? Optional.of(PartitionDefiner.NOWHERE) : Optional.empty();
    }
}

package org.memphisee.core.partition;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.memphisee.core.cluster.Placement;
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
        void opened(Partition partition);

        void changed(Partition partition, StreamConfig before);

        void closed(Partition partition);

        /** A read or write failed: it takes no more publishes, the others go on (P2, P3). */
        void frozen(Partition partition, StoreException cause);
    }

    private final List<ShardResources> shards;
    private final Placement placement;
    private final LogStore store;
    private final Listener listener;
    private final Map<Long, Partition> byId = new ConcurrentHashMap<>();
    private final Map<String, Partition> byName = new ConcurrentHashMap<>();
    /** Message ids of stations with several partitions, and which partitions these have. */
    private final Map<Long, StationWindow> windows = new ConcurrentHashMap<>();
    private final Map<Long, Long> stations = new ConcurrentHashMap<>();

    /** A table without partitions. */
    public PartitionTable(List<ShardResources> shards, LogStore store, Listener listener) {
        this.shards = List.copyOf(shards);
        this.placement = new Placement(shards.size());
        this.store = store;
        this.listener = listener;
    }

    /** All of them. */
    public Collection<Partition> all() {
        return byId.values();
    }

    @Override
    public PartitionHandle create(long id, long group, long station, long createdNanos, StreamConfig config, Runnable done) {
        ShardResources resources = shards.get(placement.shard(id, group));
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
        return partition;
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
        partition.resources().shard().execute(() -> {
            listener.closed(partition);
            partition.remove(done);
        });
    }

    @Override
    public long memoryUsed() {
        return shards.get(0).guard().memory().used(); // all shards share it
    }

    @Override
    public Optional<PartitionHandle> byName(String streamName) {
        return Optional.ofNullable(byName.get(streamName));
    }
}

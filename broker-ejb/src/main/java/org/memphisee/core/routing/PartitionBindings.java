package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.memphisee.core.partition.Partition;
import org.memphisee.core.schema.Rejections;
import org.memphisee.core.schema.SchemaGates;
import org.memphisee.core.schema.StationCheck;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.subject.ByteKeyMap;

/**
 * Which stream stores which subjects, and where: its partition is served here, or, in a cluster, by whichever node it may be. Each is
 * bound in the router's tree, one change at a time; look-ups from any thread without lock.
 */
public final class PartitionBindings implements SchemaGates {

    private final Router router;
    private final ByteKeyMap<PartitionRef> streams = new ByteKeyMap<>();
    private final Map<Long, Bound> stored = new ConcurrentHashMap<>();
    /** What is done with messages of partitions, those included that are not open yet. */
    private final Map<Long, StationCheck> checks = new ConcurrentHashMap<>();
    /** Partitions of a cluster, by number, whether they are served here or not. */
    private final Map<Long, PlacedPartition> placed = new ConcurrentHashMap<>();
    private volatile CheckLoops checkLoops;

    PartitionBindings(Router router) {
        this.router = router;
    }

    /**
     * A partition and how it is bound.
     *
     * @param partition null when it is served elsewhere
     */
    private record Bound(String name, Partition partition, Interest.Stored interest, List<String> subjects) { }

    /** Tells where messages are looked at; before any partition gets a schema. */
    public void checkOn(CheckLoops loops) {
        checkLoops = loops;
    }

    /** The stream of that name, or null. Any thread. */
    PartitionRef stream(byte[] bytes, int offset, int length) {
        return streams.get(bytes, offset, length);
    }

    /** A partition of the cluster, null for one that is not known. Any thread. */
    PlacedPartition placed(long partition) {
        return placed.get(partition);
    }

    /** Lets the partition's stream store its subjects here from now on; without a gap when it was served elsewhere before. */
    public void open(Partition partition) {
        synchronized (streams) {
            StationCheck check = checks.get(partition.id());
            PartitionRef local = new LocalPartition(partition, router);
            PartitionRef ref = check == null ? local : checked(local, partition, check);
            if (router.peers() == null) {
                bind(partition.id(), partition.name(), partition, ref, partition.config().subjects());
            } else {
                place(partition.id(), partition.config(), partition, ref);
            }
        }
    }

    /**
     * A stream stores its subjects elsewhere from now on, or with another configuration; without a gap when it was served here
     * before. Its messages are looked at where they are stored.
     */
    public void openElsewhere(long partitionId, StreamConfig config) {
        synchronized (streams) {
            if (router.peers() == null) {
                bind(partitionId, config.name(), null, new UnreachablePartition(config), config.subjects());
            } else {
                place(partitionId, config, null, null);
            }
        }
    }

    /** Messages for a partition wait, because another node is about to serve it; or do not, because it will not. Any thread. */
    public void handsOver(long partitionId, boolean now) {
        PlacedPartition to = placed.get(partitionId);
        if (to != null) {
            to.handsOver(now);
        }
    }

    /** What was served elsewhere, or here, is not there any more. */
    public void closeElsewhere(long partitionId) {
        close(partitionId);
    }

    /** Of a cluster: bound once, wherever it is served. */
    private void place(long id, StreamConfig config, Partition partition, PartitionRef here) {
        PlacedPartition to = placed.get(id);
        Bound bound = stored.get(id);
        if (to == null) {
            to = new PlacedPartition(id, config, router.peers());
            placed.put(id, to);
            to.here(here);
            bind(id, config.name(), partition, to, config.subjects());
        } else {
            to.config(config);
            to.here(here);
            stored.put(id, new Bound(bound.name(), partition, bound.interest(), config.subjects()));
            rebind(bound.interest(), bound.subjects(), config.subjects());
        }
    }

    /** Binds in place of what was bound: nobody who looks finds that there is nothing. */
    private void bind(long id, String name, Partition partition, PartitionRef ref, List<String> subjects) {
        Interest.Stored binding = new Interest.Stored(ref);
        Bound before = stored.put(id, new Bound(name, partition, binding, subjects));
        streams.put(name.getBytes(StandardCharsets.UTF_8), ref);
        subjects.forEach(s -> router.bind(s.getBytes(StandardCharsets.UTF_8), binding));
        if (before != null) {
            before.subjects().forEach(s -> router.unbind(s.getBytes(StandardCharsets.UTF_8), before.interest()));
        }
    }

    private CheckedPartition checked(PartitionRef ref, Partition partition, StationCheck check) {
        CheckedPartition checked = new CheckedPartition(ref, partition.name(),
            checkLoops.beside(partition.resources().shard().number()));
        checked.check(check);
        return checked;
    }

    /** A partition without a schema is bound as it is; with its first one, another one takes its place, and stays. */
    @Override
    public void check(long partitionId, StationCheck check) {
        synchronized (streams) {
            if (check == null) {
                checks.remove(partitionId);
            } else {
                checks.put(partitionId, check);
            }
            Bound bound = stored.get(partitionId);
            if (bound == null || bound.partition() == null) {
                return;
            }
            PartitionRef ref = here(bound);
            if (ref instanceof CheckedPartition checked) {
                checked.check(check);
            } else if (check != null && bound.interest().partition() instanceof PlacedPartition to) {
                to.here(checked(ref, bound.partition(), check));
            } else if (check != null) {
                bind(partitionId, bound.name(), bound.partition(), checked(ref, bound.partition(), check), bound.subjects());
            }
        }
    }

    /** What serves a partition here, null for one that is elsewhere. */
    private static PartitionRef here(Bound bound) {
        return bound.interest().partition() instanceof PlacedPartition to ? to.here() : bound.interest().partition();
    }

    /** Messages that did not fit the schemas of their partitions, by stream. Any thread. */
    @Override
    public List<Rejections> rejections() {
        return stored.values().stream().map(PartitionBindings::here)
            .flatMap(ref -> ref instanceof CheckedPartition checked ? Stream.of(checked.rejections()) : Stream.empty())
            .sorted(Comparator.comparing(Rejections::stream)).toList();
    }

    /** The stream stores other subjects from now on; those it keeps are stored without a gap. */
    public void rebind(Partition partition, List<String> before, List<String> now) {
        synchronized (streams) {
            Bound bound = stored.get(partition.id());
            stored.put(partition.id(), new Bound(bound.name(), partition, bound.interest(), now));
            if (bound.interest().partition() instanceof PlacedPartition to) {
                to.config(partition.config());
            }
            rebind(bound.interest(), before, now);
        }
    }

    private void rebind(Interest.Stored binding, List<String> before, List<String> now) {
        now.stream().filter(s -> !before.contains(s)).forEach(s -> router.bind(s.getBytes(StandardCharsets.UTF_8), binding));
        before.stream().filter(s -> !now.contains(s)).forEach(s -> router.unbind(s.getBytes(StandardCharsets.UTF_8), binding));
    }

    /** The stream stores nothing any more. */
    public void close(Partition partition) {
        close(partition.id());
    }

    private void close(long id) {
        synchronized (streams) {
            Bound bound = stored.remove(id);
            checks.remove(id);
            if (bound == null) {
                return;
            }
            byte[] name = bound.name().getBytes(StandardCharsets.UTF_8);
            if (streams.get(name) == bound.interest().partition()) {
                streams.remove(name);
            }
            bound.subjects().forEach(s -> router.unbind(s.getBytes(StandardCharsets.UTF_8), bound.interest()));
            PlacedPartition to = placed.remove(id);
            if (to != null) {
                to.removed();
            }
        }
    }
}

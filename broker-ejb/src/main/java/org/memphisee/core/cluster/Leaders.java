package org.memphisee.core.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The table behind {@link PartitionLeaders}: partitions are in groups or at a node, groups have leaders. Whoever folds definitions
 * tells where partitions are, whoever drives or hears of groups tells who leads them. Any thread; an entry for each partition
 * that is defined.
 */
public final class Leaders implements PartitionLeaders {

    private final String self;
    private final Map<Long, Where> partitions = new ConcurrentHashMap<>();
    private final Map<Long, String> groups = new ConcurrentHashMap<>();
    /** Of groups that this node leads. */
    private final Map<Long, Lease> leases = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** @param node not used in a group */
    private record Where(long group, String node) { }

    /**
     * Why nobody else leads, nanoseconds.
     *
     * @param confirmed nobody did then, as a majority said
     * @param until nobody does until then
     */
    private record Lease(long confirmed, long until) { }

    /** Knows nothing yet. @param self name of this node */
    public Leaders(String self) {
        this.self = self;
    }

    /** A partition is in a replication group. */
    public void inGroup(long partition, long group) {
        put(partition, new Where(group, ""));
    }

    /** A partition is at one node for good. */
    public void atNode(long partition, String node) {
        put(partition, new Where(Placement.ALONE, node));
    }

    private void put(long partition, Where where) {
        if (!where.equals(partitions.put(partition, where))) {
            tell();
        }
    }

    /** A partition is defined no more. */
    public void removed(long partition) {
        if (partitions.remove(partition) != null) {
            tell();
        }
    }

    /** Who leads a group; empty for nobody, as far as is known. */
    public void leads(long group, String leader) {
        String before = leader.isEmpty() ? groups.remove(group) : groups.put(group, leader);
        if (!leader.equals(before == null ? "" : before)) {
            tell();
        }
    }

    /**
     * Nobody else leads a group that this node leads, in its monotonic time.
     *
     * @param confirmed when a majority was asked that has said so since
     * @param until so long at least; {@link Long#MAX_VALUE} for ever
     */
    public void leased(long group, long confirmed, long until) {
        leases.put(group, new Lease(confirmed, until));
    }

    /** Who leads a group; empty when that is not known. */
    public String leaderOf(long group) {
        return groups.getOrDefault(group, "");
    }

    /** The group that a partition is in; {@link Placement#ALONE} when it is in none, or there is no such partition here. */
    public long group(long partition) {
        Where where = partitions.get(partition);
        return where == null ? Placement.ALONE : where.group;
    }

    /** How many partitions each node decides about, as far as that is known. */
    public Map<String, Integer> partitionsByLeader() {
        Map<String, Integer> count = new HashMap<>();
        partitions.keySet().forEach(partition -> count.merge(leader(partition), 1, Integer::sum));
        count.remove("");
        return count;
    }

    /** Partitions of a group. */
    public List<Long> partitionsOf(long group) {
        return partitions.entrySet().stream().filter(each -> each.getValue().group == group && group != Placement.ALONE)
            .map(Map.Entry::getKey).toList();
    }

    @Override
    public String leader(long partition) {
        Where where = partitions.get(partition);
        return where == null ? "" : where.group == Placement.ALONE ? where.node : leaderOf(where.group);
    }

    @Override
    public boolean here(long partition) {
        return self.equals(leader(partition));
    }

    @Override
    public boolean certain(long partition, long since, long now) {
        Where where = partitions.get(partition);
        Lease lease = where == null ? null : leases.get(where.group);
        return where != null && where.group == Placement.ALONE || lease != null && (now <= lease.until || since <= lease.confirmed);
    }

    @Override
    public Subscription whenChanged(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void tell() {
        listeners.forEach(Listener::changed);
    }
}

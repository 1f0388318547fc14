package org.memphisee.core.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The replication groups of a cluster, and with them its nodes. Immutable.
 *
 * @param seed name of the node that has what was defined before there was a cluster; empty where nothing was
 * @param groups all of them, by number
 */
public record GroupMap(String seed, List<GroupPlace> groups) {

    /** Of a node that is alone. */
    public static final GroupMap NONE = new GroupMap("", List.of());

    /** Copies that partitions may have, but for one. */
    private static final List<Integer> REPLICAS = List.of(3, 5);

    public GroupMap {
        groups = List.copyOf(groups);
    }

    /**
     * The groups of a new cluster: one for each node, and rings (K6): with n nodes and r replicas, group j of a ring is on the
     * nodes j to j + r - 1, and the first of them should lead.
     *
     * @param nodes names of all nodes, in the order that all of them know
     * @param seed see {@link GroupMap}
     * @param rings for each number of replicas, at least 1
     * @param firstId number of the first group, those of the others follow
     */
    public static GroupMap formed(List<String> nodes, String seed, int rings, long firstId) {
        List<GroupPlace> groups = new ArrayList<>();
        for (String node : nodes) {
            groups.add(new GroupPlace(firstId + groups.size(), List.of(node)));
        }
        for (int replicas : REPLICAS) {
            for (int ring = 0; replicas <= nodes.size() && ring < rings; ring++) {
                for (int j = 0; j < nodes.size(); j++) {
                    List<String> members = new ArrayList<>();
                    for (int k = 0; k < replicas; k++) {
                        members.add(nodes.get((j + k) % nodes.size()));
                    }
                    groups.add(new GroupPlace(firstId + groups.size(), members));
                }
            }
        }
        return new GroupMap(seed, groups);
    }

    /** Whether there is a cluster. */
    public boolean clustered() {
        return !groups.isEmpty();
    }

    /** A group by its number. */
    public Optional<GroupPlace> group(long id) {
        return groups.stream().filter(group -> group.id() == id).findFirst();
    }

    /** Names of all nodes, in their order. */
    public List<String> nodes() {
        return of(1).stream().map(GroupPlace::preferred).toList();
    }

    /** The groups with so many copies, in their order. */
    public List<GroupPlace> of(int replicas) {
        return groups.stream().filter(group -> group.replicas() == replicas).toList();
    }

    /** Names of the nodes that have a partition, the one that should lead first; empty when that is this node alone. */
    public List<String> members(long placement) {
        return placement == Placement.ALONE ? seed.isEmpty() ? List.of() : List.of(seed)
            : group(placement).map(GroupPlace::members).orElse(List.of());
    }

    /** So many partitions by their node, of those that are at one node alone; each node is in it. */
    public Map<String, Integer> alone(Iterable<Long> placements) {
        Map<String, Integer> count = new LinkedHashMap<>();
        nodes().forEach(node -> count.put(node, 0));
        for (long placement : placements) {
            List<String> members = members(placement);
            if (members.size() == 1) {
                count.merge(members.get(0), 1, Integer::sum);
            }
        }
        return count;
    }
}

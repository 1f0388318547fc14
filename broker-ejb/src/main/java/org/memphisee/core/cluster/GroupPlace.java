package org.memphisee.core.cluster;

import java.util.List;
import java.util.Objects;

/**
 * A replication group as it is defined: it keeps its members for good. One with a single member has partitions that are at that
 * node alone and not replicated. Immutable.
 *
 * @param id its number, never used again; above {@link Placement#ALONE}
 * @param members names of the nodes that have it, the one that should lead first
 */
public record GroupPlace(long id, List<String> members) {

    public GroupPlace {
        members = List.copyOf(members);
        if (id <= Placement.ALONE || members.isEmpty()) {
            throw new IllegalArgumentException("replication group " + id + " with members " + members);
        }
        members.forEach(member -> Objects.requireNonNull(member, "members have names"));
    }

    /** How many copies its partitions have. */
    public int replicas() {
        return members.size();
    }

    /** The node that should lead. */
    public String preferred() {
        return members.get(0);
    }
}

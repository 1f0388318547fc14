package org.memphisee.core.cluster.watch;

import java.util.List;

/**
 * A replication group as one of its members sees it.
 *
 * @param id its number
 * @param members names of the nodes that have it, the one that should lead first
 * @param leader who leads, empty when that is not known here
 * @param role what this node is in it
 * @param term newest that is known here
 * @param last index of the last entry of its log here
 * @param committed index up to which it is decided, and applied, as far as is known here
 * @param queuedBytes decided, and not yet in the store here
 * @param voids entries since the start that took no effect, because another leader was there before them
 * @param wins how often this node was elected since its start
 * @param others how the other members stand; of the leader only
 */
public record GroupStatus(long id, List<String> members, String leader, Role role, long term, long last, long committed,
                          long queuedBytes, long voids, long wins, List<Member> others) {

    /** What a node is in a group. */
    public enum Role { LEADING, FOLLOWING, REBUILDING, FAILED }

    /**
     * Another member, as the leader knows it.
     *
     * @param name its node
     * @param lag entries of the log that it did not confirm
     * @param heardNanos since it answered last; -1 when it has not since this node leads
     */
    public record Member(String name, long lag, long heardNanos) { }

    public GroupStatus {
        members = List.copyOf(members);
        others = List.copyOf(others);
    }

    /** Entries of its log here that are not applied. */
    public long lag() {
        return Math.max(0, last - committed);
    }
}

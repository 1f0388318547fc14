package org.memphisee.core.control;

import java.util.Objects;

import org.memphisee.core.cluster.GroupMap;

/** Events that a cluster has and a node alone has not. */
public sealed interface ClusterEvent extends SystemEvent.Kind {

    /**
     * The cluster has these replication groups from now on, in place of those before, of which each is still there.
     *
     * @param groups all of them
     */
    record ReplicationGroupsFormed(GroupMap groups) implements ClusterEvent {
        public ReplicationGroupsFormed {
            Objects.requireNonNull(groups, "the groups are required");
        }
    }
}

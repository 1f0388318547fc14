package org.memphisee.core;

import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.partition.GroupHomes;
import org.memphisee.core.partition.GroupRooms;

/** What a broker that is one of several gets from the node that it is on. */
public interface NodeParts {

    /** Where partitions of replication groups are; asked once, before the first of them. */
    GroupHomes homes(GroupRooms rooms);

    /** The cluster as people and clients see it; asked once, behind {@link #homes}. */
    ClusterView view();
}

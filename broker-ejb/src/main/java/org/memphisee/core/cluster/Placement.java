package org.memphisee.core.cluster;

import java.util.Collections;
import java.util.List;

/** Which replication group has a partition: part of its definition. Which shard of a node that means is the node's own choice. */
public final class Placement {

    /** The group of partitions that are on this node alone and not replicated. Part of stored formats. */
    public static final long ALONE = 0;

    private Placement() { }

    /** So many partitions, each on this node alone. */
    public static List<Long> alone(int partitions) {
        return Collections.nCopies(partitions, ALONE);
    }
}

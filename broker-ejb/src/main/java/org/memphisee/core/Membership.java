package org.memphisee.core;

import java.util.List;
import java.util.concurrent.Executor;

import org.memphisee.core.append.LogWriter;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemEventStore;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.partition.GroupHomes;
import org.memphisee.core.partition.PartitionTable;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.routing.PeerRoutes;
import org.memphisee.core.routing.RoutesOptions;
import org.memphisee.core.time.BrokerClock;

/** What a broker that is one of several needs of its cluster. Called while it opens, in this order; then what says so. */
public interface Membership {

    /** How it talks to the others about its clients' messages. */
    RoutesOptions routes();

    /** Where the partitions of replication groups are, and those of them that this node has. */
    GroupHomes homes(Rooms rooms);

    /**
     * The log of the definitions of all nodes.
     *
     * @param own where this node keeps it
     * @param loop the control loop
     */
    SystemLog definitions(SystemEventStore own, Executor loop);

    /**
     * Everything is recovered, and the control loop does not run yet.
     *
     * @param last the last system event of this node's store
     */
    void recovered(long last, ControlPlane control, PeerRoutes routes) throws StoreException;

    /** Whether this node does now what is done once in a cluster. Any thread. */
    boolean leads();

    /**
     * Parts of a broker that replication groups live in.
     *
     * @param shards all of them
     * @param store what is read when partitions begin to copy
     * @param writer stores what is applied
     * @param listener told of partitions that begin to serve here, and cease
     */
    record Rooms(List<ShardResources> shards, LogStore store, LogWriter writer, PartitionTable.Listener listener, BrokerClock clock) {
        public Rooms {
            shards = List.copyOf(shards);
        }
    }
}

package org.memphisee.core.partition;

import java.util.List;

import org.memphisee.core.append.LogWriter;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.time.BrokerClock;

/**
 * What of a broker the partitions of replication groups live in.
 *
 * @param shards all of them
 * @param store what is read when partitions begin to copy
 * @param writer stores what is applied
 * @param listener told of partitions that begin to serve here, and cease
 */
public record GroupRooms(List<ShardResources> shards, LogStore store, LogWriter writer, PartitionTable.Listener listener,
                         BrokerClock clock) {
    public GroupRooms {
        shards = List.copyOf(shards);
    }
}

package org.memphisee.core.routing;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.partition.Partition;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.port.PublishRequest;

/**
 * A partition that is served in this process: its shard gets a command. Of what clients say of deliveries, what is still on its
 * way there when the partition ceases to be served by this object goes to whoever serves it then.
 *
 * @param router knows where it is in the cluster
 */
record LocalPartition(Partition partition, Router router) implements PartitionRef {

    private void command(Lane lane, ShardCommand command, int bytes) {
        Shard shard = partition.resources().shard();
        lane.command(shard, command, bytes);
    }

    /** Where what comes too late is to go, null while it is served here. Shard's thread. */
    private PlacedPartition next() {
        return partition.ceased() ? router.partitions().placed(partition.id()) : null;
    }

    @Override
    public boolean acknowledges() {
        return !partition.config().noAck();
    }

    @Override
    public void publish(Lane lane, PublishRequest r, PublishOrigin origin, int bytes) {
        command(lane, () -> partition.publish(r, origin), bytes);
    }

    @Override
    public void refuse(Lane lane, PublishRequest r, PublishOrigin origin, PublishOutcome.Refused refused, int bytes) {
        command(lane, () -> origin.ended(r, refused), bytes);
    }

    @Override
    public void failed(Lane lane, PublishRequest r, String problem) {
        if (partition.keepsSchemaFailures()) {
            command(lane, () -> partition.schemaFailure(r, problem), 0); // its bytes count with what follows
        }
    }

    @Override
    public void acknowledge(Lane lane, PublishRequest r, String reply, int bytes, Runnable unknown) {
        command(lane, () -> {
            PlacedPartition next = next();
            if (next != null) {
                next.acknowledge(Lane.current(), r, reply, bytes, unknown);
            } else if (!partition.acknowledge(r, reply)) {
                unknown.run();
            }
        }, bytes);
    }

    @Override
    public void pull(Lane lane, PublishRequest r, int consumerOffset, int consumerLength, String inbox, int bytes,
                     Runnable unknown) {
        command(lane, () -> {
            PlacedPartition next = next();
            if (next != null) {
                next.pull(Lane.current(), r, consumerOffset, consumerLength, inbox, bytes, unknown);
            } else if (!partition.pull(r, consumerOffset, consumerLength, inbox)) {
                unknown.run();
            }
        }, bytes);
    }

    @Override
    public void flowControl(Lane lane, String consumer, String subject, int bytes) {
        command(lane, () -> partition.flowControl(consumer, subject), bytes);
    }
}

package org.memphisee.core.routing;

import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.port.PublishRequest;

/** A partition that is elsewhere while nothing leads there: publishes are refused, and nobody answers for its consumers. */
final class UnreachablePartition implements PartitionRef {

    private final StreamConfig config;

    UnreachablePartition(StreamConfig config) {
        this.config = config;
    }

    @Override
    public boolean acknowledges() {
        return !config.noAck();
    }

    @Override
    public void publish(Lane lane, PublishRequest r, PublishOrigin origin, int bytes) {
        origin.ended(r, new PublishOutcome.Refused(config.name(), PublishRefusal.NO_LEADER, ""));
    }

    @Override
    public void refuse(Lane lane, PublishRequest r, PublishOrigin origin, PublishOutcome.Refused refused, int bytes) {
        origin.ended(r, refused);
    }

    @Override
    public void failed(Lane lane, PublishRequest r, String problem) { }

    @Override
    public void acknowledge(Lane lane, PublishRequest r, String reply, int bytes, Runnable unknown) {
        unknown.run();
    }

    @Override
    public void pull(Lane lane, PublishRequest r, int consumerOffset, int consumerLength, String inbox, int bytes,
                     Runnable unknown) {
        unknown.run();
    }

    @Override
    public void flowControl(Lane lane, String consumer, String subject, int bytes) { }
}

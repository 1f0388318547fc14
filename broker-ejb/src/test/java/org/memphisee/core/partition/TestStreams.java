package org.memphisee.core.partition;

import java.util.List;

import org.memphisee.core.stream.StreamConfig;

/** Configurations of streams for tests of other packages. */
public final class TestStreams {

    private TestStreams() { }

    /** A stream like any other. */
    public static StreamConfig stream(String name, List<String> subjects, int replicas) {
        StreamConfig c = PartitionFixture.config(builder -> builder);
        return new StreamConfig(name, "", subjects, c.retention(), -1, -1, -1, -1, 0, -1, c.discard(), false, c.storage(), replicas,
            c.noAck(), c.duplicateWindowNanos(), c.firstSeq(), c.compression(), c.allowDirect(), c.mirrorDirect(), c.sealed(),
            c.denyDelete(), c.denyPurge(), c.allowRollup(), c.republish(), c.consumerInactiveThresholdNanos(),
            c.consumerMaxAckPending(), c.metadata(), c.durability(), c.unclaimedAgeNanos(), c.placement());
    }
}

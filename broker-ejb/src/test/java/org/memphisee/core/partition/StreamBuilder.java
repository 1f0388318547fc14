package org.memphisee.core.partition;

import java.util.List;
import java.util.Map;

import org.memphisee.core.stream.StreamConfig;

/** A stream configuration with NATS defaults, changed field by field. */
final class StreamBuilder {
    StreamConfig.Retention retention = StreamConfig.Retention.LIMITS;
    long maxMsgs = -1;
    long maxBytes = -1;
    long perSubject = -1;
    long maxAge;
    int maxMsgSize = -1;
    StreamConfig.Discard discard = StreamConfig.Discard.OLD;
    boolean discardPerSubject;
    StreamConfig.Storage storage = StreamConfig.Storage.FILE;
    boolean noAck;
    StreamConfig.Republish republish = StreamConfig.Republish.NONE;
    boolean sealed;
    boolean rollup;
    long window = 120 * PartitionFixture.SECOND;
    StreamConfig.Durability durability = StreamConfig.Durability.ALWAYS;
    long unclaimedAge;

    static StreamBuilder of(StreamConfig c) {
        StreamBuilder b = new StreamBuilder();
        b.retention = c.retention();
        b.maxMsgs = c.maxMsgs();
        b.maxBytes = c.maxBytes();
        b.perSubject = c.maxMsgsPerSubject();
        b.maxAge = c.maxAgeNanos();
        b.maxMsgSize = c.maxMsgSize();
        b.discard = c.discard();
        b.discardPerSubject = c.discardNewPerSubject();
        b.storage = c.storage();
        b.noAck = c.noAck();
        b.republish = c.republish();
        b.sealed = c.sealed();
        b.rollup = c.allowRollup();
        b.window = c.duplicateWindowNanos();
        b.durability = c.durability();
        b.unclaimedAge = c.unclaimedAgeNanos();
        return b;
    }

    StreamConfig build() {
        return new StreamConfig("S", "", List.of("s.>"), retention, -1, maxMsgs, maxBytes, perSubject, maxAge,
            maxMsgSize, discard, discardPerSubject, storage, 1, noAck, window, 0, "none", false, false, sealed, false,
            false, rollup, republish, 0, 0, Map.of(), durability, unclaimedAge, StreamConfig.Placement.NONE);
    }
}

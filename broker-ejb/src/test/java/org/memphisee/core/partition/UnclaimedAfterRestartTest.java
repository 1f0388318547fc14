package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.memphisee.core.stream.StreamConfig;

/** What nobody claims goes after a while; while a partition is opened, nobody is there yet who may have claimed it. */
class UnclaimedAfterRestartTest {

    @Test
    void shouldKeepWhatAConsumerHasYetToGetThatComesBackAfterTheStart() {
        PartitionFixture f = new PartitionFixture(config(c -> {
            c.retention = StreamConfig.Retention.INTEREST;
            c.unclaimedAge = 10 * SECOND;
            return c;
        }));
        f.consumer("a");
        f.store("m1");
        f.advance(20 * SECOND);
        assertEquals(List.of("m1"), f.payloads());
        f.crash();
        f.settle();
        assertEquals(List.of("m1"), f.payloads());
    }

    @Test
    void shouldLetGoWhatNobodyWantsAfterAStartToo() {
        PartitionFixture f = new PartitionFixture(config(c -> {
            c.retention = StreamConfig.Retention.INTEREST;
            c.unclaimedAge = 10 * SECOND;
            return c;
        }));
        f.store("m1");
        f.crash();
        f.settle();
        assertEquals(List.of("m1"), f.payloads());
        f.advance(20 * SECOND);
        assertEquals(List.of(), f.payloads());
    }
}

package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.memphis.SdkRequests.CONSUMERS;
import static org.memphisee.core.memphis.SdkRequests.STATIONS;
import static org.memphisee.core.memphis.SdkRequests.consumer;
import static org.memphisee.core.memphis.SdkRequests.station;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.control.PlaneFixture;

/** What the reference does wrong and is right here, where no other test says so (wire-protocol.md 10, features.md 1.2 and 3.2). */
class FixedQuirksTest {

    private final PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void shouldKnowLimitsOfMoreThanTwoGigabytes() {
        assertEquals("", plane.ask(STATIONS, station("big", ",'retention_type':'bytes','retention_value':5000000000")));
        assertEquals(5_000_000_000L, plane.partitions.fake("big$1").config().maxBytes());
        assertEquals("", plane.ask(STATIONS, station("many", ",'retention_type':'messages','retention_value':3000000000")));
        assertEquals(3_000_000_000L, plane.partitions.fake("many$1").config().maxMsgs());
    }

    /** Q19, and features.md 16.3: who comes again is let in, however much was stored meanwhile. */
    @Test
    void shouldMakeTheDurableOfOnePartitionThatBeginsWithTheLastMessagesAndLetItsMembersComeAgain() {
        plane.ask(STATIONS, station("My.Station-1", ",'partitions_number':1"));
        for (int i = 0; i < 3; i++) {
            String answer = plane.ask(CONSUMERS, consumer("c", "g", ",'last_messages':2,'start_consume_from_sequence':1"));
            assertTrue(answer.contains("\"error\":\"\""), answer);
            ConsumerConfig made = plane.partitions.fake("my#station-1$1").consumers.get("g").config();
            assertTrue(made.durable(), made.toString());
        }
    }
}

package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.errand.ConsumerFigures;
import org.memphisee.core.control.SystemEvent.RetentionType;
import org.memphisee.core.partition.PartitionLife;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.stream.StreamConfig;

final class StationReadingTest {

    private static final long SECOND = 1_000_000_000L;

    private static StationEntry station(String name, boolean nativeStation) {
        return new StationEntry(name, nativeStation, List.of(name + "$1", name + "$2"),
            StationRetention.of(RetentionType.MESSAGES, 10), StreamConfig.Storage.FILE, "root", 5_000_000);
    }

    private static StreamState state(long messages, long last, PartitionLife life) {
        return new StreamState(messages, messages * 10, 1, 1, last, last * 1_000_000, 1, 0, 1, life);
    }

    private static ConsumerFigures consumer(String name, long delivered, long inProcess, long waiting) {
        ConsumerConfig config = new ConsumerConfig(name, true, "", ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, SECOND, -1, List.of(), List.of(), false, false, 0, 0, 512, -1, 0, false,
            false, 0, 0, 0, "", "", 0, 0, false, Map.of());
        return ConsumerFigures.of(new ConsumerInfo("s", config, 0, delivered, delivered, delivered * 1_000_000, 0, 0, 0, inProcess, 1, 0,
            waiting, 2, 1, false), 0, 0);
    }

    @Test
    void shouldAddUpPartitionsAndTheMembersOfAGroup() {
        StationReading reading = StationReading.of(station("shop", true),
            List.of(state(3, 30, PartitionLife.SERVING), state(4, 20, PartitionLife.SERVING)),
            List.of(consumer("g#one", 10, 2, 5), consumer("g#one", 7, 0, 1), consumer("slow", 0, 0, 100),
                consumer("$memphis_reader", 1, 1, 1000)));
        assertEquals(7, reading.messages());
        assertEquals(70, reading.bytes());
        assertEquals(50, reading.published());
        assertEquals(30, reading.lastMillis());
        assertFalse(reading.frozen());
        assertEquals(List.of("g.one", "slow"), List.copyOf(reading.groups().keySet()), "hidden ones left out");
        StationReading.Group group = reading.groups().get("g.one");
        assertEquals(new StationReading.Group(8, 2, 2, 17, 6, true, 10), group);
        assertEquals(6, group.waiting());
        assertFalse(reading.groups().get("slow").active());
        assertEquals(100, reading.lag());
        assertEquals(17, reading.delivered());
    }

    @Test
    void shouldBeFrozenWhenAPartitionIs() {
        assertTrue(StationReading.of(station("shop", true),
            List.of(state(3, 30, PartitionLife.SERVING), state(4, 20, PartitionLife.FROZEN)), List.of()).frozen());
    }

    @Test
    void shouldLeaveNamesOfPlainConsumersAlone() {
        StationReading reading = StationReading.of(station("S", false), List.of(state(1, 1, PartitionLife.SERVING)),
            List.of(consumer("a#b", 0, 0, 1)));
        assertTrue(reading.groups().containsKey("a#b"));
    }
}

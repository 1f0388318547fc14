package org.memphisee.dashboard.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.partition.PartitionLife;
import org.memphisee.core.partition.StreamState;

final class ReadingTest {

    private static final long SECOND = 1_000_000_000L;
    private final ObjectMapper mapper = new ObjectMapper();

    private static StationDirectory.Entry station(String name, boolean nativeStation) {
        return new StationDirectory.Entry(name, nativeStation, List.of(name + "$1", name + "$2"), "messages", 10, false,
            "root", 5);
    }

    private static StreamState state(long messages, long last) {
        return new StreamState(messages, messages * 10, 1, 1, last, last * 1_000_000, 1, 0, 1, PartitionLife.SERVING);
    }

    private static ConsumerInfo consumer(String name, long delivered, long inProcess, long waiting) {
        ConsumerConfig config = new ConsumerConfig(name, true, "", ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, SECOND, -1, List.of(), List.of(), false, false, 0, 0, 512, -1, 0, false,
            false, 0, 0, 0, "", "", 0, 0, false, Map.of());
        return new ConsumerInfo("s", config, 0, delivered, delivered, delivered * 1_000_000, 0, 0, 0, inProcess, 1, 0,
            waiting, 2, 1, false);
    }

    @Test
    void shouldAddUpPartitionsAndTheMembersOfAGroup() {
        Reading reading = Reading.of(station("shop", true), List.of(state(3, 30), state(4, 20)),
            List.of(consumer("g#one", 10, 2, 5), consumer("g#one", 7, 0, 1), consumer("slow", 0, 0, 100),
                consumer("$memphis_reader", 1, 1, 1000)));
        assertEquals(7, reading.messages());
        assertEquals(70, reading.bytes());
        assertEquals(50, reading.published());
        assertEquals(30, reading.lastMillis());
        assertEquals(List.of("g.one", "slow"), List.copyOf(reading.groups().keySet()), "hidden ones left out");
        Reading.Group group = reading.groups().get("g.one");
        assertEquals(new Reading.Group(8, 2, 2, 17, 6, true, 10), group);
        assertEquals(6, group.waiting());
        assertFalse(reading.groups().get("slow").active());
        assertEquals(100, reading.lag());
    }

    @Test
    void shouldLeaveNamesOfPlainConsumersAlone() {
        Reading reading = Reading.of(station("S", false), List.of(state(1, 1)), List.of(consumer("a#b", 0, 0, 1)));
        assertTrue(reading.groups().containsKey("a#b"));
    }

    @Test
    void shouldShowRatesAndTheGroupsFurthestBehind() throws Exception {
        Rows rows = new Rows();
        List<ConsumerInfo> groups = List.of(consumer("a", 0, 0, 1), consumer("b", 0, 0, 9), consumer("c", 0, 0, 5),
            consumer("d", 0, 0, 7));
        Reading first = Reading.of(station("s", true), List.of(state(1, 100)), groups);
        assertFalse(row(rows.stations(List.of(first), 0), "s").has("inRate"), "one look is no rate");
        Reading second = Reading.of(station("s", true), List.of(state(1, 150)), groups);
        JsonNode row = row(rows.stations(List.of(second), 2 * SECOND), "s");
        assertEquals(25, row.path("inRate").asDouble());
        assertEquals("[[\"b\",9],[\"d\",7],[\"c\",5]]", row.path("top").toString());
        assertEquals(4, row.path("groups").asInt());
        JsonNode group = row(rows.groups(second, "s", 60_000), "b");
        assertFalse(group.path("active").asBoolean());
        assertTrue(row(rows.groups(second, "s", 9_000), "b").path("active").asBoolean(), "delivered to a moment ago");
        assertEquals(9, group.path("lag").asLong());
        assertEquals(3, group.path("givenUp").asLong());
        assertEquals(0, group.path("outRate").asDouble(-1));
    }

    @Test
    void shouldKeepAStreamApartFromAStationOfTheSameName() throws Exception {
        Reading one = Reading.of(station("s", true), List.of(state(1, 1)), List.of());
        Reading other = Reading.of(station("s", false), List.of(state(2, 2)), List.of());
        Map<String, String> rows = new Rows().stations(List.of(one, other), 0);
        assertEquals(2, rows.size());
        assertEquals(2, row(rows, "s (stream)").path("messages").asInt());
    }

    private JsonNode row(Map<String, String> rows, String key) throws Exception {
        return mapper.readTree(rows.get(key));
    }
}

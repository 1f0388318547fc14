package org.memphisee.dashboard.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import org.memphisee.core.stations.StationEntry;
import org.memphisee.core.stations.StationReading;
import org.memphisee.core.stations.StationReading.Group;
import org.memphisee.core.stations.StationRetention;
import org.memphisee.core.stream.StreamConfig.Storage;

final class RowsTest {

    private static final long SECOND = 1_000_000_000L;
    private final ObjectMapper mapper = new ObjectMapper();

    private static StationReading reading(boolean nativeStation, long messages, long published, Map<String, Group> groups) {
        return new StationReading(new StationEntry("s", nativeStation, List.of("s$1", "s$2"),
            new StationRetention("messages", 10), Storage.MEMORY, "root", 5_999_999), messages, messages * 10, published, 7,
            false, groups);
    }

    private static Group lagging(long lag) {
        return new Group(lag, 0, 0, 0, 3, false, 0);
    }

    @Test
    void shouldShowRatesAndTheGroupsFurthestBehind() throws Exception {
        Rows rows = new Rows();
        Map<String, Group> groups = Map.of("a", lagging(1), "b", lagging(9), "c", lagging(5), "d", lagging(7));
        assertFalse(row(rows.stations(List.of(reading(true, 1, 100, groups)), 0), "s").has("inRate"), "one look is no rate");
        StationReading second = reading(true, 1, 150, groups);
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

    /** F-196. */
    @Test
    void shouldTellMessagesPerSecondOfEachStationAndGroup() throws Exception {
        Rows rows = new Rows();
        for (int second = 0; second <= 20; second++) {
            StationReading now = reading(true, 1, 300L * second, Map.of("fast", delivered(300L * second),
                "slow", delivered(7L * second)));
            Map<String, String> stations = rows.stations(List.of(now), second * SECOND);
            Map<String, String> groups = rows.groups(now, "s", 0);
            if (second > 0) {
                assertEquals(300, row(stations, "s").path("inRate").asDouble());
                assertEquals(307, row(stations, "s").path("outRate").asDouble());
                assertEquals(300, row(groups, "fast").path("outRate").asDouble());
                assertEquals(7, row(groups, "slow").path("outRate").asDouble());
            }
        }
    }

    private static Group delivered(long count) {
        return new Group(0, 0, 0, count, 0, true, 0);
    }

    @Test
    void shouldShowWhatAStationIs() throws Exception {
        JsonNode row = row(new Rows().stations(List.of(reading(true, 3, 4, Map.of())), 0), "s");
        assertEquals("{'key':'s','name':'s','native':true,'partitions':2,'storage':'memory','retention':'messages',"
            + "'retentionValue':10,'createdBy':'root','createdAt':5,'messages':3,'bytes':30,'lastAt':7,'frozen':false,"
            + "'groups':0,'lag':0,'top':[]}", row.toString().replace('"', '\''));
    }

    @Test
    void shouldKeepAStreamApartFromAStationOfTheSameName() throws Exception {
        Map<String, String> rows = new Rows().stations(List.of(reading(true, 1, 1, Map.of()),
            reading(false, 2, 2, Map.of())), 0);
        assertEquals(2, rows.size());
        assertEquals(2, row(rows, "s (stream)").path("messages").asInt());
    }

    private JsonNode row(Map<String, String> rows, String key) throws Exception {
        return mapper.readTree(rows.get(key));
    }
}

package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

final class ThroughputTest {

    private final Throughput throughput = new Throughput();

    private void sample(int second, long sent, long received) {
        throughput.sample(Instant.ofEpochSecond(second), Map.of("memphis-7", new Throughput.Moved(sent, received)));
    }

    @Test
    void shouldShowWhatCameAndWentInEachSecond() {
        sample(1, 1_000, 5_000);
        sample(2, 1_010, 5_300);
        sample(3, 1_010, 5_301);

        assertEquals("[{'name':'total',"
            + "'read':[{'timestamp':'1970-01-01T00:00:02Z','read':10},{'timestamp':'1970-01-01T00:00:03Z','read':0}],"
            + "'write':[{'timestamp':'1970-01-01T00:00:02Z','write':300},{'timestamp':'1970-01-01T00:00:03Z','write':1}]}]",
            total());
        assertEquals("memphis-7", throughput.json("memphis-7").path(1).path("name").asText());
    }

    private String total() {
        return Texts.array().add(throughput.json("memphis-7").path(0)).toString().replace('"', '\'');
    }

    @Test
    void shouldShowEachBrokerOfAClusterAndTakeOneThatComesForNothingNew() {
        throughput.sample(Instant.ofEpochSecond(1), Map.of("a", new Throughput.Moved(100, 10)));
        throughput.sample(Instant.ofEpochSecond(2), Map.of("a", new Throughput.Moved(101, 10), "b", new Throughput.Moved(7_000, 7_000)));
        throughput.sample(Instant.ofEpochSecond(3), Map.of("a", new Throughput.Moved(103, 10), "b", new Throughput.Moved(7_005, 7_000)));

        JsonNode all = throughput.json("a");
        assertEquals(List.of("total", "a", "b"), all.findValuesAsText("name"));
        assertEquals("[1,7]", all.path(0).path("read").findValuesAsText("read").toString().replace(" ", ""));
        assertEquals("[0,5]", all.path(2).path("read").findValuesAsText("read").toString().replace(" ", ""));
    }

    @Test
    void shouldForgetWhatIsOlderThanTwentySeconds() {
        for (int second = 0; second < 100; second++) {
            sample(second, second, 0);
        }

        assertEquals(Throughput.SAMPLES, throughput.json("x").path(0).path("read").size());
        assertEquals("1970-01-01T00:01:20Z", throughput.json("x").path(0).path("read").path(0).path("timestamp").asText());
    }

    @Test
    void shouldShowNothingBeforeTheFirstSecondIsOver() {
        sample(1, 1_000, 1_000);

        assertEquals("[{'name':'total','read':[],'write':[]}]", total());
    }
}

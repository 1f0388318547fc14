package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;

import org.junit.jupiter.api.Test;

final class ThroughputTest {

    private final Throughput throughput = new Throughput();

    private void sample(int second, long sent, long received) {
        throughput.sample(Instant.ofEpochSecond(second), sent, received);
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

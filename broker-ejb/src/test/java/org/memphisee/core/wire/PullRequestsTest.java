package org.memphisee.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memphisee.core.wire.PullRequests.Accepted;
import org.memphisee.core.wire.PullRequests.Refused;

class PullRequestsTest {

    private static PullRequest accepted(String payload) {
        return ((Accepted) PullRequests.parse(payload.getBytes(StandardCharsets.UTF_8), "in")).request();
    }

    private static String refused(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return new String(((Refused) PullRequests.parse(bytes, "in")).status(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldTakeNothingForOneMessage() {
        assertEquals(new PullRequest("in", 1, 0, false, 0, 0), accepted(""));
        assertEquals(new PullRequest("in", 1, 0, false, 0, 0), accepted("{}"));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "500,500", "0,1", "99999999999,2147483647"})
    void shouldTakeANumber(String payload, int batch) {
        assertEquals(batch, accepted(payload).batch());
    }

    @Test
    void shouldTakeWhatClientsSend() {
        assertEquals(new PullRequest("in", 500, 5_000_000_000L, false, 0, 0),
            accepted("{\"batch\":500,\"expires\":5000000000}"));
        assertEquals(new PullRequest("in", 100, 30_000_000_000L, false, 0, 15_000_000_000L),
            accepted("{\"batch\":100,\"max_bytes\":0,\"idle_heartbeat\":15000000000,\"expires\":30000000000}"));
        assertEquals(new PullRequest("in", 10, 999_900_000, true, 1024, 0),
            accepted("{\"batch\":10,\"expires\":999900000.0,\"no_wait\":true,\"max_bytes\":1024,\"new\":{\"x\":[1]}}"));
        assertEquals(1, accepted("{\"batch\":-5,\"expires\":null}").batch());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "{\"batch\":1 | invalid JSON", "{\"batch\":\"1\"}| invalid JSON", "{\"no_wait\":1} | invalid JSON",
        "{\"batch\":99999999999999999999} | invalid JSON", "{} {} | invalid JSON", "many | invalid batch",
        "-1 | invalid batch",
        "{\"expires\":1000,\"idle_heartbeat\":501} | heartbeat value too large",
        "{\"idle_heartbeat\":1} | heartbeat value too large",
        "{\"expires\":5,\"idle_heartbeat\":9223372036854775807} | heartbeat value too large"})
    void shouldRefuseMistakes(String payload, String why) {
        assertEquals("NATS/1.0 400 Bad Request - " + why + "\r\n\r\n", refused(payload));
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "5000000000,5s", "1500000000,1.5s", "60000000000,1m0s", "5400000000000,1h30m0s",
        "250000000,250ms", "1,1ns", "1500,1.5\u00b5s"})
    void shouldPrintDurationsLikeGo(long nanos, String text) {
        assertEquals(text, GoDuration.format(nanos));
        assertEquals(nanos, GoDuration.parse(text));
    }
}

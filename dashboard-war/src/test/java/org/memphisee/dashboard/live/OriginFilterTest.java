package org.memphisee.dashboard.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OriginFilterTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "-, localhost:9000, true",
        "http://localhost:9000, localhost:9000, true",
        "https://Broker.example, broker.example, true",
        "http://localhost:9001, localhost:9000, false",
        "http://evil.example, broker.example, false",
        "http://broker.example.evil.example, broker.example, false",
        "http://broker.example@evil.example, broker.example, false",
        "null, localhost:9000, false",
        "'', localhost:9000, false",
        "http://[, localhost:9000, false",
        "http://localhost:9000, -, false",
    })
    void shouldLetInPagesOfTheSameHostOnly(String origin, String host, boolean expected) {
        assertEquals(expected, OriginFilter.sameHost(origin, host));
    }
}

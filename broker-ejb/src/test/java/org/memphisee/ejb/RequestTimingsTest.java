package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

class RequestTimingsTest {

    @Test
    void shouldCountByRouteAndStatus() {
        RequestTimings timings = new RequestTimings();
        timings.record("produce", 200, 1_000);
        timings.record("produce", 200, 2_000);
        timings.record("produce", 401, 3_000);
        timings.record("consume", 200, 4_000);
        timings.record("odd", 12_345, 5_000);
        Map<String, Long> seen = new TreeMap<>();
        timings.each((route, status, took) -> seen.put(route + ' ' + status, took.recorded().count()));
        assertEquals(Map.of("produce 200", 2L, "produce 401", 1L, "consume 200", 1L, "odd 999", 1L), seen);
    }
}

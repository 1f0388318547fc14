package org.memphisee.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

class PlacementTest {

    @Test
    void shouldPlaceEachPartitionOfAStationAlone() {
        assertEquals(List.of(0L, 0L, 0L), Placement.alone(3));
        assertEquals(List.of(), Placement.alone(0));
    }
}

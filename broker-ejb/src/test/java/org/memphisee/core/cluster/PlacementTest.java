package org.memphisee.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;

class PlacementTest {

    @Test
    void shouldSpreadPartitionsOfThisNodeAloneByTheirNumber() {
        Placement placement = new Placement(4);
        for (long partition = 0; partition < 100; partition++) {
            assertEquals((int) (partition % 4), placement.shard(partition, Placement.ALONE));
        }
        assertEquals(3, placement.shard(Long.MAX_VALUE, Placement.ALONE));
    }

    @Test
    void shouldHaveAllPartitionsOfAGroupOnOneShard() {
        Placement placement = new Placement(4);
        for (long partition = 0; partition < 100; partition++) {
            assertEquals(1, placement.shard(partition, 5));
            assertEquals(0, placement.shard(partition, 8));
        }
        assertEquals(3, placement.shard(1, Long.MAX_VALUE));
        assertEquals(0, new Placement(1).shard(7, 9));
    }

    @Test
    void shouldPlaceEachPartitionOfAStationAlone() {
        assertEquals(List.of(0L, 0L, 0L), Placement.alone(3));
        assertEquals(List.of(), Placement.alone(0));
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new Placement(0));
        assertThrows(IllegalArgumentException.class, () -> new Placement(2).shard(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Placement(2).shard(1, -1));
    }
}

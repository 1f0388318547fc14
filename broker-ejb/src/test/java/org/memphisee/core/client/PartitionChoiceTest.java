package org.memphisee.core.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class PartitionChoiceTest {

    private static final List<Integer> PARTITIONS = List.of(1, 2, 4);

    private static long chosen(PartitionChoice choice, int index, int from) {
        return IntStream.range(from, from + 300).filter(turn -> choice.index(PARTITIONS, turn) == index).count();
    }

    @Test
    void shouldSpreadMessagesEvenlyAlsoWhenTheirNumberOverflows() {
        for (int index = 0; index < PARTITIONS.size(); index++) {
            assertEquals(100, chosen(PartitionChoice.ROUND_ROBIN, index, 0));
        }
        int sum = 0;
        for (int turn : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1}) {
            sum += 1 << PartitionChoice.ROUND_ROBIN.index(PARTITIONS, turn);
        }
        assertEquals(7, sum, "each once");
    }

    @Test
    void shouldChooseTheSamePartitionForAKeyWhateverTheTurn() {
        PartitionChoice choice = PartitionChoice.of("user-42", "");
        int index = choice.index(PARTITIONS, 0);
        assertEquals(300, chosen(choice, index, 0));
        assertEquals((int) (660_284_634L % 3), index);
    }

    @Test
    void shouldChooseTheNumberThatIsNamedOrRefuseIt() {
        assertEquals(2, PartitionChoice.of("", "4").index(PARTITIONS, 9));
        assertEquals("Partition 3 does not exist", assertThrows(LocalRefusal.class,
            () -> PartitionChoice.of(null, "3").index(PARTITIONS, 9)).getMessage());
        assertEquals("Can not use both partition number and partition key",
            assertThrows(LocalRefusal.class, () -> PartitionChoice.of("k", "3")).getMessage());
    }
}

package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.List;

import org.junit.jupiter.api.Test;

/** The work for one consumer does not grow with the number of the others. */
class ManyConsumersTest {

    private static final int MANY = 5_000;

    private final PartitionFixture f = new PartitionFixture(config(c -> c));

    @Test
    void shouldAddConsumersWithoutAskingAllOthers() {
        for (int i = 0; i < MANY; i++) {
            f.waitingConsumer(i);
        }
        f.settle();
        assertEquals(MANY, f.state().consumerCount());
        assertTrue(f.questionsOfInterest() <= 10 * MANY, () -> f.questionsOfInterest() + " questions");
        int before = f.questionsOfInterest();
        f.advance(PartitionFixture.SECOND); // all cursors are stored
        assertTrue(f.questionsOfInterest() - before <= 10 * MANY);
    }

    @Test
    void shouldChangeNothingByAsking() {
        f.waitingConsumer(1);
        f.settle();
        f.leave();
        f.partition.run(p -> assertEquals(List.of(0L), p.consumerInfos().stream().map(i -> i.numWaiting()).toList()));
        f.settle();
        f.comeBack();
        f.partition.run(p -> assertEquals(List.of(1L), p.consumerInfos().stream().map(i -> i.numWaiting()).toList()));
        f.settle();
    }
}

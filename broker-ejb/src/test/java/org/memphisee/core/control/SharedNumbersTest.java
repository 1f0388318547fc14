package org.memphisee.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.memphisee.core.log.SystemLog.NumberShare;

/** Numbers that several nodes give out at the same time. */
class SharedNumbersTest {

    private static Definitions node(int part) {
        Definitions definitions = new Definitions();
        definitions.share(new NumberShare(part, 3));
        return definitions;
    }

    @Test
    void shouldNeverGiveANumberThatAnotherNodeGives() {
        Set<Long> given = new HashSet<>();
        for (int part = 0; part < 3; part++) {
            Definitions node = node(part);
            for (int i = 0; i < 200; i++) {
                long first = node.allocateIds(1_000);
                for (long id = first; id < first + 1_000; id++) {
                    assertTrue(given.add(id), "twice: " + id);
                }
            }
        }
    }

    @Test
    void shouldGoOnBehindWhatAnEarlierLifeOfTheNodeGave() {
        Definitions before = node(1);
        long last = before.allocateIds(5) + 4;
        Definitions after = node(1);
        long first = after.allocateId();
        after.seen(last); // it comes late
        assertTrue(after.allocateId() > last, first + " and " + last);
        Definitions recovered = node(1);
        recovered.seen(last);
        assertTrue(recovered.allocateId() > last);
    }

    @Test
    void shouldGiveConsecutiveNumbersFromOneBlock() {
        Definitions node = node(2);
        long first = node.allocateIds((int) Definitions.NUMBERS - 1);
        long next = node.allocateIds(2);
        assertEquals(2, first / Definitions.NUMBERS % 3);
        assertEquals(2, next / Definitions.NUMBERS % 3);
        assertEquals(2, (next + 1) / Definitions.NUMBERS % 3);
        assertTrue(next > first);
    }
}

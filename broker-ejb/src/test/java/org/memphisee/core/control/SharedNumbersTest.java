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
        definitions.numbers().share(new NumberShare(part, 3));
        return definitions;
    }

    @Test
    void shouldNeverGiveANumberThatAnotherNodeGives() {
        Set<Long> given = new HashSet<>();
        for (int part = 0; part < 3; part++) {
            Definitions node = node(part);
            for (int i = 0; i < 200; i++) {
                long first = node.numbers().allocate(1_000);
                for (long id = first; id < first + 1_000; id++) {
                    assertTrue(given.add(id), "twice: " + id);
                }
            }
        }
    }

    @Test
    void shouldGoOnBehindWhatAnEarlierLifeOfTheNodeGave() {
        Definitions before = node(1);
        long last = before.numbers().allocate(5) + 4;
        Definitions after = node(1);
        long first = after.numbers().allocate(1);
        after.numbers().seen(last); // it comes late
        assertTrue(after.numbers().allocate(1) > last, first + " and " + last);
        Definitions recovered = node(1);
        recovered.numbers().seen(last);
        assertTrue(recovered.numbers().allocate(1) > last);
    }

    @Test
    void shouldGiveConsecutiveNumbersFromOneBlock() {
        Definitions node = node(2);
        long first = node.numbers().allocate((int) Numbers.BLOCK - 1);
        long next = node.numbers().allocate(2);
        assertEquals(2, first / Numbers.BLOCK % 3);
        assertEquals(2, next / Numbers.BLOCK % 3);
        assertEquals(2, (next + 1) / Numbers.BLOCK % 3);
        assertTrue(next > first);
    }
}

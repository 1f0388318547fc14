package org.memphisee.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PullBookTest {

    private final PullBook book = new PullBook();

    @Test
    void shouldAskForTheShareInStepsOfHalf() {
        assertEquals(10, book.wanted(10, 1_000));
        book.asked(10, 0);
        assertEquals(0, book.wanted(10, 1_000));
        for (int i = 0; i < 4; i++) {
            book.came(1);
            book.settled(1);
        }
        assertEquals(0, book.wanted(10, 1_000));
        book.came(1);
        book.settled(1);
        assertEquals(5, book.wanted(10, 1_000));
    }

    @Test
    void shouldAlwaysAskForOne() {
        assertEquals(1, book.wanted(1, 1));
        book.asked(1, 0);
        book.came(500);
        assertEquals(0, book.wanted(1, 1));
        book.settled(500);
        assertEquals(1, book.wanted(1, 1));
    }

    @Test
    void shouldNotAskWhileItHoldsItsBytes() {
        book.asked(4, 0);
        book.came(600);
        assertEquals(96, book.wanted(100, 1_000));
        book.came(600);
        assertEquals(0, book.wanted(100, 1_000));
        book.settled(600);
        assertTrue(book.wanted(100, 1_000) > 0);
    }

    @Test
    void shouldCountWhatARequestDidNotGet() {
        long first = book.asked(10, 0);
        book.came(1);
        book.ended(first, 9);
        assertEquals(0, book.asked());
        long refused = book.asked(5, 0);
        book.ended(refused, -1);
        book.ended(refused, -1);
        assertEquals(0, book.asked());
        assertEquals(1, book.held());
    }

    @Test
    void shouldForgetRequestsWhoseEndWasLost() {
        book.asked(10, 100);
        assertFalse(book.forget(100));
        assertEquals(10, book.asked());
        assertTrue(book.forget(101));
        assertEquals(0, book.asked());
    }
}

package org.memphisee.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void shouldDoubleUpToTheMostAndBeginAnewAfterSuccess() {
        Backoff backoff = new Backoff(100, 1_000, () -> 0);
        assertEquals(100, backoff.nextMillis());
        assertEquals(200, backoff.nextMillis());
        assertEquals(400, backoff.nextMillis());
        assertEquals(800, backoff.nextMillis());
        assertEquals(1_000, backoff.nextMillis());
        assertEquals(1_000, backoff.nextMillis());
        backoff.reset();
        assertEquals(100, backoff.nextMillis());
    }

    @Test
    void shouldSpreadPausesButKeepHalfOfEach() {
        Random random = new Random(4);
        Backoff backoff = new Backoff(1_000, 1_000, random::nextDouble);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 10_000; i++) {
            long pause = backoff.nextMillis();
            least = Math.min(least, pause);
            most = Math.max(most, pause);
        }
        assertTrue(least >= 500 && least < 510, "least " + least);
        assertTrue(most <= 1_000 && most > 990, "most " + most);
    }

    @Test
    void shouldNotOverflow() {
        assertEquals(60_000, Backoff.exponential(500, 60_000, 1_000_000));
        assertEquals(Long.MAX_VALUE, Backoff.exponential(Long.MAX_VALUE, Long.MAX_VALUE, 63));
        assertEquals(4_000, Backoff.exponential(500, 60_000, 3));
    }
}

package org.memphisee.support;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

class NothingLeftTest {

    private final CountDownLatch release = new CountDownLatch(1);

    private void rest() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldNameAThreadThatDoesNotEnd() throws Exception {
        NothingLeft.Before before = new NothingLeft.Before(1);
        Thread thread = new Thread(this::rest, "forgotten-1");
        thread.start();
        String said = assertThrows(AssertionError.class, before::close).getMessage();
        assertTrue(said.contains("forgotten-1\n") && said.contains("NothingLeftTest.rest"), said);
        release.countDown();
        thread.join();
        assertDoesNotThrow(before::close);
    }

    @Test
    void shouldWaitForOneThatEnds() {
        NothingLeft.Before before = new NothingLeft.Before(20_000);
        new Thread(() -> {
            rest();
            new Thread(() -> { }, "last-1").start();
        }, "ending-1").start();
        new Thread(release::countDown, "releasing-1").start();
        assertDoesNotThrow(before::close);
    }

    @Test
    void shouldNotAskAfterThoseThatWereThere() throws Exception {
        Thread thread = new Thread(this::rest, "earlier-1");
        thread.start();
        assertDoesNotThrow(new NothingLeft.Before(1)::close);
        release.countDown();
        thread.join();
    }
}

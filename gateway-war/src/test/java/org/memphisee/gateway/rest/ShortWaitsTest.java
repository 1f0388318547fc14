package org.memphisee.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ShortWaitsTest {

    @Test
    void shouldWaitUntilTheFutureIsDoneHoweverItEnds() {
        ShortWaits waits = new ShortWaits(1, 10_000);
        CompletableFuture<String> done = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(() -> done.complete("x"));
        waits.await(done);
        assertTrue(done.isDone());
        CompletableFuture<String> failed = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)
            .execute(() -> failed.completeExceptionally(new IllegalStateException("x")));
        waits.await(failed);
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(() -> cancelled.cancel(false));
        waits.await(cancelled);
        assertTrue(failed.isCompletedExceptionally() && cancelled.isCancelled());
        assertTrue(waits.begin(), "every wait gave its place back");
    }

    @Test
    void shouldGiveUpAfterItsTimeAndLeaveTheFutureAlone() {
        ShortWaits waits = new ShortWaits(1, 10);
        CompletableFuture<String> never = new CompletableFuture<>();
        waits.await(never);
        assertFalse(never.isDone());
        assertTrue(waits.begin());
    }

    @Test
    void shouldNotWaitWhenTooManyDo() throws InterruptedException {
        ShortWaits waits = new ShortWaits(1, 10_000);
        assertTrue(waits.begin());
        CompletableFuture<String> never = new CompletableFuture<>();
        CountDownLatch back = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            waits.await(never);
            back.countDown();
        });
        other.start();
        assertTrue(back.await(5, TimeUnit.SECONDS), "came back at once");
        assertFalse(waits.begin());
        waits.end();
        assertTrue(waits.begin());
        other.join();
    }

    @Test
    void shouldKeepAnInterruptForWhoeverOwnsTheThread() {
        ShortWaits waits = new ShortWaits(1, 10_000);
        Thread.currentThread().interrupt();
        waits.await(new CompletableFuture<>());
        assertTrue(Thread.interrupted());
        assertTrue(waits.begin());
    }
}

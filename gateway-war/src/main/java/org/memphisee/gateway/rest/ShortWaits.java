package org.memphisee.gateway.rest;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How many of the container's threads may wait at a time. Handing a request over to another thread and back costs more
 * than a write to the disk takes, so the first few requests keep their thread for a moment; those beyond, and those whose
 * moment passes, go on without one (ADR 0024). Any thread.
 */
final class ShortWaits {

    private final Semaphore threads;
    private final long nanos;

    /**
     * @param threads so many may wait at a time
     * @param millis and each so long
     */
    ShortWaits(int threads, long millis) {
        this.threads = new Semaphore(threads);
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Waits a moment for the future if one more may wait. */
    void await(CompletableFuture<?> future) {
        if (future.isDone() || !threads.tryAcquire()) {
            return;
        }
        try {
            future.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException | java.util.concurrent.CancellationException notForMe) {
            // whoever asks the future learns it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.release();
        }
    }

    /** Takes a place for a wait whose end the container sets; false when all are taken. Give it back with {@link #end}. */
    boolean begin() {
        return threads.tryAcquire();
    }

    void end() {
        threads.release();
    }
}

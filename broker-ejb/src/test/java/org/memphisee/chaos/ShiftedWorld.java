package org.memphisee.chaos;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.World;

/** The real world, with a clock on the wall that is so many milliseconds ahead. */
final class ShiftedWorld implements World {

    private static final long MILLIS = 1_000_000;

    private final World real;
    private final BrokerClock clock;

    ShiftedWorld(ThreadFactory threads, long aheadMillis) {
        real = World.of(threads);
        clock = new BrokerClock() {
            @Override
            public long wallNanos() {
                return SYSTEM.wallNanos() + aheadMillis * MILLIS;
            }

            @Override
            public long nowNanos() {
                return SYSTEM.nowNanos();
            }
        };
    }

    @Override
    public BrokerClock clock() {
        return clock;
    }

    @Override
    public RandomGenerator random() {
        return real.random();
    }

    @Override
    public String newId() {
        return real.newId();
    }

    @Override
    public Running run(String name, Loop loop) {
        return real.run(name, loop);
    }

    @Override
    public Running repeat(String name, long pauseNanos, Runnable task) {
        return real.repeat(name, pauseNanos, task);
    }

    @Override
    public ExecutorService readers(int threads) {
        return real.readers(threads);
    }

    @Override
    public ExecutorService worker(String name, int waiting) {
        return real.worker(name, waiting);
    }

    @Override
    public <T> T await(CompletableFuture<T> result, long limitNanos)
        throws InterruptedException, ExecutionException, TimeoutException {
        return real.await(result, limitNanos);
    }
}

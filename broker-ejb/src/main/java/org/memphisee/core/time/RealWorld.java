package org.memphisee.core.time;

import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** Threads, the clock of the machine and numbers that nobody can foresee. */
final class RealWorld implements World {

    private static final long IDLE_SECONDS = 10;
    private static final RandomGenerator RANDOM = new RandomGenerator() {
        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }

        @Override
        public int nextInt(int bound) {
            return ThreadLocalRandom.current().nextInt(bound);
        }
    };

    private final ThreadFactory threads;

    RealWorld(ThreadFactory threads) {
        this.threads = threads;
    }

    @Override
    public BrokerClock clock() {
        return BrokerClock.SYSTEM;
    }

    @Override
    public RandomGenerator random() {
        return RANDOM;
    }

    @Override
    public String newId() {
        return UUID.randomUUID().toString();
    }

    @Override
    public Running run(String name, Loop loop) {
        return new LoopThread(name, loop, BrokerClock.SYSTEM, threads);
    }

    @Override
    public Running repeat(String name, long pauseNanos, Runnable task) {
        return new Repeater(name, pauseNanos, task, threads);
    }

    @Override
    public ExecutorService readers(int atATime) {
        return Executors.newFixedThreadPool(atATime, threads);
    }

    @Override
    public ExecutorService worker(String name, int waiting) {
        ThreadPoolExecutor worker = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting), task -> {
                Thread thread = threads.newThread(task);
                if (!name.isEmpty()) {
                    thread.setName(name);
                }
                return thread;
            });
        worker.allowCoreThreadTimeOut(true);
        return worker;
    }

    @Override
    public <T> T await(CompletableFuture<T> result, long limitNanos)
        throws InterruptedException, ExecutionException, TimeoutException {
        return result.get(limitNanos, TimeUnit.NANOSECONDS);
    }
}

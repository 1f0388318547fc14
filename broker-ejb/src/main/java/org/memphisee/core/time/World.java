package org.memphisee.core.time;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Everything that happens to a broker and is not told to it: time, chance, and which of its loops runs when (D17). The real
 * world gives each loop a thread; a simulated one calls their turns in an order that it draws from a seed, so that a whole
 * broker can be run again exactly as before. Thread-safe.
 */
public interface World {

    /** Time. */
    BrokerClock clock();

    /** Random numbers; not for secrets. */
    RandomGenerator random();

    /** A text that nothing else is called: identities of servers, connections, events. */
    String newId();

    /**
     * Has a loop turn from now on.
     *
     * @param name of its thread
     * @param loop belongs to that thread
     */
    Running run(String name, Loop loop);

    /**
     * Has something done again and again, with a pause before each time.
     *
     * @param name of its thread
     * @param pauseNanos more than 0
     * @param task what to do; if it throws, that one time was in vain
     */
    Running repeat(String name, long pauseNanos, Runnable task);

    /**
     * Does what waits for the disk.
     *
     * @param threads things at a time
     */
    ExecutorService readers(int threads);

    /**
     * Does what costs time, one after the other.
     *
     * @param name of its thread, empty for no name of its own
     * @param waiting how many may wait; more are refused
     */
    ExecutorService worker(String name, int waiting);

    /**
     * Waits for what loops of this world do. Not from a loop.
     *
     * @param limitNanos for how long at most
     * @throws TimeoutException when it took longer
     */
    <T> T await(CompletableFuture<T> result, long limitNanos)
        throws InterruptedException, ExecutionException, TimeoutException;

    /** Something that goes on until it is closed. */
    interface Running extends AutoCloseable {

        /** Whether it has not ended. Any thread. */
        boolean alive();

        /** Finishes what was submitted before and ends it; returns when it has ended. Not from a loop. */
        @Override
        void close();
    }

    /** The real world. */
    static World of(ThreadFactory threads) {
        return new RealWorld(threads);
    }
}

package org.memphisee.core.time;

import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Does one thing again and again on a thread of its own, with a pause before each time, until it is closed. A task that
 * throws costs that one time: the thread's handler of uncaught exceptions is told. Interrupting the thread ends a pause
 * and nothing else, because the container interrupts managed threads before it stops.
 */
public final class Repeater implements World.Running {

    private final Runnable task;
    private final long pauseNanos;
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * Begins with a pause.
     *
     * @param name of the thread
     * @param pauseNanos before each time, more than 0
     * @param task what to do
     * @param threads makes the thread
     */
    public Repeater(String name, long pauseNanos, Runnable task, ThreadFactory threads) {
        if (pauseNanos <= 0) {
            throw new IllegalArgumentException("pause of " + pauseNanos + " ns");
        }
        this.pauseNanos = pauseNanos;
        this.task = Objects.requireNonNull(task, "task is required");
        thread = threads.newThread(this::loop);
        thread.setName(name);
        thread.start();
    }

    private void loop() {
        while (!stopping) {
            Thread.interrupted(); // an interrupted thread would not pause at all
            LockSupport.parkNanos(this, pauseNanos);
            if (!stopping) {
                once();
            }
        }
    }

    private void once() {
        try {
            task.run();
        } catch (RuntimeException e) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    @Override
    public boolean alive() {
        return thread.isAlive();
    }

    /** Ends the pause, or waits for the task to end, and then the thread. A caller that is interrupted waits no longer. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

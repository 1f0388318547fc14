package org.memphisee.it.hostile;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.memphisee.it.support.Eventually;

/**
 * One kind of bad behaviour, repeated by a thread of its own while it is switched on. Its pace is bounded: the
 * question is what the broker lets it cost others, not how much CPU the test itself can burn beside them.
 */
final class Hostility implements AutoCloseable {
    private final Step step;
    private final Thread thread;
    private volatile boolean active;
    private volatile boolean running;
    private volatile boolean closed;
    private volatile Throwable failure;
    private volatile long steps;

    /** What is done again and again. */
    interface Step {

        /** Misbehaves once and checks the broker's answer. */
        void run() throws IOException;

        /** Lets go of what the steps keep open; called when switched off. */
        default void pause() throws IOException {
        }

        /** Nanoseconds between two steps. */
        long pace();
    }

    Hostility(Step step) {
        this.step = step;
        thread = new Thread(this::loop, "hostility");
        thread.setDaemon(true);
        thread.start();
    }

    private void loop() {
        try {
            while (!closed) {
                if (active) {
                    running = true;
                    step.run();
                    steps++;
                    LockSupport.parkNanos(step.pace());
                } else {
                    if (running) {
                        step.pause();
                        running = false;
                    }
                    LockSupport.parkNanos(2_000_000);
                }
            }
            step.pause();
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    void on() {
        active = true;
    }

    /** Stops misbehaving; returns when the steps have let go of what they kept. */
    void off() {
        active = false;
        Eventually.await("hostility ends", () -> !running || failure != null);
    }

    /** Steps taken so far; fails when a step failed. */
    long steps() {
        if (failure != null) {
            throw new AssertionError("hostile client saw what it should not: " + failure, failure);
        }
        return steps;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

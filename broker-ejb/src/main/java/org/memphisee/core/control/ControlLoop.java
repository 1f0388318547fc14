package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.memphisee.core.time.ThreadEnd;

/**
 * The one thread of the control plane. New work is bounded by count; continuations of work that was accepted are not,
 * because refusing them would leave it half done. A task that throws is reported and costs only itself. Thread-safe.
 */
public final class ControlLoop implements AutoCloseable {

    private enum State { NEW, RUNNING, CLOSING, CLOSED }

    private static final Runnable WAKE = () -> { };

    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final int capacity;
    private final Consumer<Throwable> failures;
    private final Thread thread;
    private volatile State state = State.NEW;

    /**
     * A loop that is not yet running; tasks may already be handed over.
     *
     * @param threads makes its thread
     * @param capacity new tasks that may wait
     * @param failures told of tasks that threw, on the loop
     */
    public ControlLoop(ThreadFactory threads, int capacity, Consumer<Throwable> failures) {
        this.capacity = capacity;
        this.failures = failures;
        this.thread = threads.newThread(this::run);
    }

    /** Begins to run tasks. */
    public void start() {
        state = State.RUNNING;
        thread.start();
    }

    /**
     * Hands new work over.
     *
     * @throws LoopFullException too many tasks wait, or the loop is closing: nothing was done
     */
    public void execute(Runnable task) {
        if (state == State.CLOSING || state == State.CLOSED) {
            throw new LoopFullException("the control loop is closing");
        }
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            throw new LoopFullException(capacity + " control requests are waiting already");
        }
        queue.add(() -> {
            waiting.decrementAndGet();
            task.run();
        });
    }

    /** Goes on with accepted work; never refused. Dropped after the loop has ended. */
    public void resume(Runnable continuation) {
        queue.add(continuation);
    }

    /** Whether the caller is the loop. */
    public boolean onLoop() {
        return Thread.currentThread() == thread;
    }

    /** Runs what is queued, then ends the thread; returns when it has ended. Not from the loop itself. */
    @Override
    public void close() {
        state = State.CLOSING;
        queue.add(WAKE);
        ThreadEnd.await(thread);
        state = State.CLOSED;
    }

    private void run() {
        List<Runnable> batch = new ArrayList<>();
        while (state == State.RUNNING || !queue.isEmpty()) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                continue; // ends only by close()
            }
            queue.drainTo(batch);
            batch.forEach(this::runOne);
            batch.clear();
        }
    }

    private void runOne(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // whatever one request causes, the others are still served (P8)
            failures.accept(e);
        }
    }

    /** New work was refused; the message says why. */
    public static final class LoopFullException extends RejectedExecutionException {
        private static final long serialVersionUID = 1L;

        LoopFullException(String message) {
            super(message);
        }
    }
}

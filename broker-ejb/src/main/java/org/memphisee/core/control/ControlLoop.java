package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.memphisee.core.time.Loop;
import org.memphisee.core.time.Parking;
import org.memphisee.core.time.World;

/**
 * The one loop of the control plane. New work is bounded by count; continuations of work that was accepted are not,
 * because refusing them would leave it half done. A task that throws is reported and costs only itself. Thread-safe.
 */
public final class ControlLoop implements Loop, AutoCloseable {

    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Runnable> batch = new ArrayList<>();
    private final Parking parking = new Parking();
    private final World world;
    private final int capacity;
    private final Consumer<Throwable> failures;
    private Runnable endOfTurn = () -> { };
    private World.Running running;
    private volatile boolean closing;

    /**
     * A loop that is not yet running; tasks may already be handed over.
     *
     * @param world runs it
     * @param capacity new tasks that may wait
     * @param failures told of tasks that threw, on the loop
     */
    public ControlLoop(World world, int capacity, Consumer<Throwable> failures) {
        this.world = world;
        this.capacity = capacity;
        this.failures = failures;
    }

    /** Has this done at the end of each turn, on the loop. Before it is started. */
    void atEndOfTurn(Runnable action) {
        endOfTurn = action;
    }

    /** Begins to run tasks. */
    public void start() {
        running = world.run("memphisee-control", this);
    }

    /**
     * Hands new work over.
     *
     * @throws LoopFullException too many tasks wait, or the loop is closing: nothing was done
     */
    public void execute(Runnable task) {
        if (closing) {
            throw new LoopFullException("the control loop is closing");
        }
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            throw new LoopFullException(capacity + " control requests are waiting already");
        }
        resume(() -> {
            waiting.decrementAndGet();
            task.run();
        });
    }

    /** Goes on with accepted work; never refused. Dropped after the loop has ended. */
    public void resume(Runnable continuation) {
        queue.add(continuation);
        parking.wake();
    }

    /** Runs what is queued, then ends; returns when it has ended. Not from the loop itself. */
    @Override
    public void close() {
        closing = true;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public long turn() {
        queue.drainTo(batch);
        for (int i = 0; i < batch.size(); i++) {
            runOne(batch.get(i));
        }
        batch.clear();
        runOne(endOfTurn);
        return queue.isEmpty() ? WHEN_WOKEN : AT_ONCE;
    }

    @Override
    public boolean ready() {
        return !queue.isEmpty();
    }

    @Override
    public Parking parking() {
        return parking;
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

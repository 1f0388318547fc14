package org.memphisee.ra;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;

/**
 * Runs tasks on the container's threads, in few pieces of work where many tasks wait. For what applications attach to a {@code
 * CompletionStage}: it may block, so it must not run on a link's thread, and a task that blocks does not stop the others, up to
 * {@link #MOST} of them.
 */
final class WorkExecutor implements Executor {

    private static final Logger LOG = System.getLogger(WorkExecutor.class.getName());

    private static final int MOST = 32;

    private final WorkManager manager;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Works that were handed to the container and have not begun: one is enough to look at what waits. */
    private final AtomicBoolean coming = new AtomicBoolean();
    private final AtomicInteger running = new AtomicInteger();

    WorkExecutor(WorkManager manager) {
        this.manager = manager;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        summon();
    }

    /** Somebody comes for what waits, unless somebody is coming already or too many are here. */
    private void summon() {
        if (tasks.isEmpty() || running.get() >= MOST || !coming.compareAndSet(false, true)) {
            return;
        }
        try {
            manager.scheduleWork(new Drain());
        } catch (WorkException e) { // the container stops: better here than never
            coming.set(false);
            run(tasks.poll());
        }
    }

    private void drain() {
        running.incrementAndGet();
        coming.set(false);
        try {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                summon(); // in case this task waits for one of the others
                run(task);
            }
        } finally {
            running.decrementAndGet();
        }
        summon(); // for a task that came when too many were here
    }

    private static void run(Runnable task) {
        if (task == null) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "RA0108 A callback of an application failed", e);
        }
    }

    private final class Drain implements Work {
        @Override
        public void run() {
            drain();
        }

        @Override
        public void release() {
            // ends by itself
        }
    }
}

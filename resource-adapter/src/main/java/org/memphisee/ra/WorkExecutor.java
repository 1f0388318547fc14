package org.memphisee.ra;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;

/**
 * Runs tasks one after the other on the container's threads, as many of them in one piece of work as wait. For what
 * applications attach to a {@code CompletionStage}: it may block and must not run on a link's thread.
 */
final class WorkExecutor implements Executor {

    private static final Logger LOG = System.getLogger(WorkExecutor.class.getName());

    private final WorkManager manager;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    WorkExecutor(WorkManager manager) {
        this.manager = manager;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        schedule();
    }

    private void schedule() {
        if (tasks.isEmpty() || !scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            manager.scheduleWork(new Drain());
        } catch (WorkException e) { // the container stops: better here than never
            scheduled.set(false);
            drain();
        }
    }

    private void drain() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "RA0108 A callback of an application failed", e);
            }
        }
    }

    private final class Drain implements Work {
        @Override
        public void run() {
            drain();
            scheduled.set(false);
            schedule();
        }

        @Override
        public void release() {
            // ends by itself
        }
    }
}

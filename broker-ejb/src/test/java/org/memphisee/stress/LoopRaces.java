package org.memphisee.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Submits to a loop while its thread is about to sleep. */
public final class LoopRaces {

    private static final long NANOS = 1_000_000_000;
    private static final long LOST_NANOS = 5_000_000_000L;
    private static final int MOST_AT_ONCE = 2;
    private static final int MOST_PAUSE = 40;

    private LoopRaces() { }

    /** Has something done by the loop. */
    public interface Submission {
        void submit(Runnable action);
    }

    /**
     * Submits one or two actions, waits until they were done, and then for a moment that is drawn: the loop is on its way to
     * sleep. Nobody else submits, so nobody else wakes it. Fails when an action is not done, or before one that was submitted
     * before it.
     */
    public static void race(Submission loop) {
        AtomicLong done = new AtomicLong();
        AtomicLong swapped = new AtomicLong();
        long end = System.nanoTime() + NANOS;
        long submitted = 0;
        while (System.nanoTime() - end < 0) {
            int count = 1 + ThreadLocalRandom.current().nextInt(MOST_AT_ONCE);
            for (int i = 0; i < count; i++) {
                long number = submitted++;
                loop.submit(() -> {
                    swapped.addAndGet(done.get() == number ? 0 : 1);
                    done.incrementAndGet();
                });
            }
            long deadline = System.nanoTime() + LOST_NANOS;
            while (done.get() < submitted) {
                assertTrue(System.nanoTime() - deadline < 0, "done " + done + " of " + submitted);
                Thread.onSpinWait();
            }
            for (int pause = ThreadLocalRandom.current().nextInt(MOST_PAUSE); pause > 0; pause--) {
                Thread.onSpinWait();
            }
        }
        assertEquals(0, swapped.get(), "of " + submitted);
    }

    /** A thread that nobody waits for. */
    public static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}

package org.memphisee.core.time;

/** Waits for threads that were told to end. */
public final class ThreadEnd {

    private ThreadEnd() { }

    /**
     * Returns when the thread has ended, or was never started. An interrupt of the caller does not shorten that, because
     * what the thread still writes must be written before its owner goes on; it is kept for the caller.
     */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

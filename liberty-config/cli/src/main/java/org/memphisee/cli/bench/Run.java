package org.memphisee.cli.bench;

import java.util.concurrent.atomic.AtomicReference;

/**
 * One run of a load: whether it is being measured yet, until when it lasts, what went wrong first. Any thread.
 */
public final class Run {

    private final long deadlineNanos;
    private final boolean limited;
    private final AtomicReference<String> error = new AtomicReference<>();
    private volatile boolean measuring;
    private volatile boolean stopped;

    /**
     * @param seconds how long it lasts, 0 for as long as its counts say
     */
    public Run(double seconds) {
        limited = seconds > 0;
        deadlineNanos = System.nanoTime() + (long) (seconds * 1e9);
    }

    /** From now on times count. */
    void measure() {
        measuring = true;
    }

    boolean measuring() {
        return measuring;
    }

    /** Whether nothing new is to be begun. */
    boolean over(long now) {
        return stopped || limited && now - deadlineNanos >= 0 || error.get() != null;
    }

    /** Nothing new is begun from now on. */
    void stop() {
        stopped = true;
    }

    /** Something went wrong; the first counts. */
    void failed(String what) {
        error.compareAndSet(null, what);
    }

    /** What went wrong, null if nothing. */
    public String error() {
        return error.get();
    }
}

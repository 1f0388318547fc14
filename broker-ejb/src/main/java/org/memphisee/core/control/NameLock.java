package org.memphisee.core.control;

import java.util.function.Consumer;

/** The right to change what goes by one name, until {@link #release()}. */
public interface NameLock {

    /** Lets the next one have it. Any thread; further calls do nothing. */
    void release();

    /**
     * Does work that releases this lock itself, later perhaps; if it throws, it is released here.
     *
     * @param guard runs what it is given and answers for what that throws
     * @param work what to do under it
     */
    default void keep(Consumer<Runnable> guard, Runnable work) {
        boolean[] through = new boolean[1];
        guard.accept(() -> {
            work.run();
            through[0] = true;
        });
        if (!through[0]) {
            release();
        }
    }
}

package org.memphisee.core.control;

import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.log.StoreException;

/** The right to change what goes by one name, until {@link #release()}. */
public interface NameLock {

    /** Lets the next one have it. Any thread; further calls do nothing. */
    void release();

    /**
     * Why it was not had, in a cluster of which no node leads the definitions: then what is known of the name may be of before, and
     * nothing can be changed. Empty when all is well.
     */
    default Optional<StoreException> refused() {
        return Optional.empty();
    }

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

package org.memphisee.core.control;

import java.util.function.Consumer;

/** The right to change what goes by one name, until {@link #done()}. */
public interface Turn {

    /** Lets the next one begin. Any thread; further calls do nothing. */
    void done();

    /**
     * Does work that ends this turn itself, later perhaps; if it throws, the turn ends here.
     *
     * @param guard runs what it is given and answers for what that throws
     * @param work what to do in this turn
     */
    default void keep(Consumer<Runnable> guard, Runnable work) {
        boolean[] through = new boolean[1];
        guard.accept(() -> {
            work.run();
            through[0] = true;
        });
        if (!through[0]) {
            done();
        }
    }
}

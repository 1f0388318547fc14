package org.memphisee.core.time;

import java.util.concurrent.locks.LockSupport;

/**
 * Where the thread of a loop sleeps. To wake it costs one read of memory while it is awake. What is submitted is to be
 * visible before {@link #wake()} is called.
 */
public final class Parking {

    private volatile Thread parked;

    /** Wakes the thread if it sleeps. Any thread. */
    public void wake() {
        Thread sleeping = parked;
        if (sleeping != null) {
            parked = null;
            LockSupport.unpark(sleeping);
        }
    }

    /** The calling thread is about to sleep; it looks once more whether there is something to do after this. */
    void enter() {
        parked = Thread.currentThread();
    }

    /** It is awake again. */
    void leave() {
        parked = null;
    }
}

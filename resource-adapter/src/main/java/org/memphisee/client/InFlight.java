package org.memphisee.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes that wait for their acknowledgement, within a budget. Thread-safe. */
final class InFlight {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final long budget;
    private long used;

    InFlight(long budget) {
        this.budget = budget;
    }

    /** Takes the bytes if there is room; a message larger than the budget needs it empty. */
    boolean tryTake(long bytes) {
        lock.lock();
        try {
            if (used > 0 && used + bytes > budget) {
                return false;
            }
            used += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for room; false when there was none in time. */
    boolean take(long bytes, long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (used > 0 && used + bytes > budget) {
                if (left <= 0) {
                    return false;
                }
                left = freed.awaitNanos(left);
            }
            used += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void give(long bytes) {
        lock.lock();
        try {
            used -= bytes;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

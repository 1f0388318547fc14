package org.memphisee.meta.jpa;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEventListener;

/**
 * Events that wait for the database. Bounded: when too many wait, all are forgotten and the tables are to be written anew
 * from a snapshot, which costs less. Any thread; putting never waits for the database.
 */
final class EventBacklog implements SystemEventListener {

    /**
     * An event with its place in the log.
     *
     * @param index its index
     * @param event the event
     */
    record Numbered(long index, SystemEvent event) { }

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Numbered> waiting = new ArrayDeque<>();
    private boolean overflowed;

    EventBacklog(int limit) {
        this.limit = limit;
    }

    @Override
    public void event(long index, SystemEvent event) {
        lock.lock();
        try {
            if (waiting.size() >= limit) {
                waiting.clear();
                overflowed = true;
            }
            if (!overflowed) {
                waiting.add(new Numbered(index, event));
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether events were forgotten since the last {@link #restart()}. */
    boolean overflowed() {
        lock.lock();
        try {
            return overflowed;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps everything from now on again; to be called before the snapshot is taken. */
    void restart() {
        lock.lock();
        try {
            overflowed = false;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest events, at most so many; they stay until {@link #done}. Waits a while when there are none. */
    List<Numbered> peek(int most, long waitMillis) throws InterruptedException {
        lock.lock();
        try {
            if (waiting.isEmpty() && !overflowed) {
                arrived.await(waitMillis, TimeUnit.MILLISECONDS);
            }
            List<Numbered> events = new ArrayList<>(Math.min(most, waiting.size()));
            for (Numbered event : waiting) {
                if (events.size() == most) {
                    break;
                }
                events.add(event);
            }
            return events;
        } finally {
            lock.unlock();
        }
    }

    /** Everything up to this index is in the tables. */
    void done(long index) {
        lock.lock();
        try {
            while (!waiting.isEmpty() && waiting.peek().index() <= index) {
                waiting.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends a wait in {@link #peek}. */
    void wake() {
        lock.lock();
        try {
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

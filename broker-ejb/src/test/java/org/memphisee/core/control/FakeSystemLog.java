package org.memphisee.core.control;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.TreeMap;

import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemLog;

/** A system log in memory whose writes can be held back or made to fail. */
public final class FakeSystemLog implements SystemLog {

    /** Those that the broker gives out. */
    public NumberShare numbers = NumberShare.ALL;


    public final TreeMap<Long, byte[]> events = new TreeMap<>();
    /** How many snapshots were written. */
    public int snapshots;
    private final Queue<Runnable> heldBack = new ArrayDeque<>();
    private ControlLoop loop;
    private byte[] snapshot;
    private long snapshotIndex;
    private long lastIndex;
    private boolean holding;
    private StoreException failure;

    public void attach(ControlLoop controlLoop) {
        loop = controlLoop;
    }

    @Override
    public synchronized long append(byte[] event, SideLog beside, long atNanos, Outcome outcome) {
        long index = ++lastIndex;
        StoreException cause = failure;
        Runnable settle = () -> {
            synchronized (this) {
                if (cause == null) {
                    events.put(index, event);
                }
            }
            loop.resume(cause == null ? outcome::durable : () -> outcome.failed(cause));
        };
        if (holding) {
            heldBack.add(settle);
        } else {
            settle.run();
        }
        return index;
    }

    @Override
    public synchronized void snapshot(long index, byte[] bytes, long keepFrom) {
        snapshots++;
        snapshot = bytes;
        snapshotIndex = index;
        events.headMap(keepFrom).clear();
    }

    public synchronized void hold() {
        holding = true;
    }

    public synchronized int held() {
        return heldBack.size();
    }

    public synchronized void release() {
        holding = false;
        for (Runnable settle = heldBack.poll(); settle != null; settle = heldBack.poll()) {
            settle.run();
        }
    }

    public synchronized void failWith(StoreException cause) {
        failure = cause;
    }

    public synchronized boolean hasSnapshot() {
        return snapshot != null;
    }

    public synchronized int size() {
        return events.size();
    }

    public synchronized void recover(LogStore.SystemLogVisitor visitor) {
        if (snapshot != null) {
            visitor.snapshot(snapshotIndex, snapshot);
        }
        events.forEach(visitor::event);
    }

    @Override
    public NumberShare numbers() {
        return numbers;
    }
}

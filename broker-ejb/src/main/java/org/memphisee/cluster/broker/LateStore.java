package org.memphisee.cluster.broker;

import java.util.List;
import java.util.concurrent.Executor;

import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.SystemEventStore;
import org.memphisee.core.log.SystemLog;

/** Store and loop of the definitions, which a node's parts have from the start on and which the broker brings later. */
final class LateStore implements SystemEventStore, Executor {

    private volatile SystemEventStore store;
    private volatile Executor loop;

    /** They are there. */
    void are(SystemEventStore own, Executor controlLoop) {
        store = own;
        loop = controlLoop;
    }

    @Override
    public void put(long first, List<Stored> events, StoreChange position, SystemLog.Outcome outcome) {
        store.put(first, events, position, outcome);
    }

    @Override
    public void snapshot(long index, byte[] snapshot, long keepFrom) {
        store.snapshot(index, snapshot, keepFrom);
    }

    @Override
    public void begin(long index, byte[] snapshot, StoreChange position, SystemLog.Outcome outcome) {
        store.begin(index, snapshot, position, outcome);
    }

    /** Before the broker is there nobody waits for anything that happens on its loop. */
    @Override
    public void execute(Runnable task) {
        Executor there = loop;
        if (there != null) {
            there.execute(task);
        }
    }
}

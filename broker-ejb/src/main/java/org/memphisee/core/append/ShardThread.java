package org.memphisee.core.append;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

import org.memphisee.core.time.ThreadEnd;

/** Drives a shard on a thread of its own until it is stopped. */
public final class ShardThread implements AutoCloseable {

    private final Shard shard;
    private final Thread thread;
    private volatile boolean stopping;

    /** Starts turning. */
    public ShardThread(Shard shard, ThreadFactory threads) {
        this.shard = shard;
        this.thread = threads.newThread(this::loop);
        thread.setName("memphisee-shard-" + shard.number());
        thread.start();
    }

    /** Finishes what was submitted before, then ends the thread. */
    @Override
    public void close() {
        stopping = true;
        shard.execute(() -> { });
        ThreadEnd.await(thread);
    }

    private void loop() {
        while (true) {
            boolean last = stopping;
            long next = shard.turn();
            if (last) {
                return;
            }
            long nap = shard.takeNap();
            if (nap != Long.MIN_VALUE) {
                LockSupport.parkNanos(this, nap - shard.clock().nowNanos()); // not as "parked": nobody wakes it
            }
            if (next != 0 && !stopping) {
                // the container interrupts managed threads before it stops: clear it, or parking would spin
                Thread.interrupted();
                shard.await(next);
            }
        }
    }
}

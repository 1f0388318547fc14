package org.memphisee.core.time;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** Drives a loop on a thread of its own until it is closed. */
final class LoopThread implements World.Running {

    private final Loop loop;
    private final BrokerClock clock;
    private final Thread thread;
    private volatile boolean stopping;

    /** Starts turning. */
    LoopThread(String name, Loop loop, BrokerClock clock, ThreadFactory threads) {
        this.loop = loop;
        this.clock = clock;
        thread = threads.newThread(this::run);
        thread.setName(name);
        thread.start();
    }

    @Override
    public boolean alive() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }

    private void run() {
        while (true) {
            boolean last = stopping;
            long next = loop.turn();
            if (last && next != Loop.AT_ONCE) {
                return;
            }
            long nap = loop.takeNap();
            if (nap != Loop.NO_NAP) {
                LockSupport.parkNanos(this, nap - clock.nowNanos()); // not as "parked": nobody wakes it
            }
            if (next != Loop.AT_ONCE && !stopping) {
                // the container interrupts managed threads before it stops: clear it, or parking would spin
                Thread.interrupted();
                await(next);
            }
        }
    }

    /** Sleeps until something is submitted or the time has come. */
    private void await(long until) {
        Parking parking = loop.parking();
        parking.enter();
        if (!loop.ready() && !stopping) {
            if (until == Loop.WHEN_WOKEN) {
                LockSupport.park(this);
            } else {
                long wait = until - clock.nowNanos();
                if (wait > 0) {
                    LockSupport.parkNanos(this, wait);
                }
            }
        }
        parking.leave();
    }
}

package org.memphisee.ra.inbound;

import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What JMX shows of an activation. Any thread. */
record ActivationBean(ActivationFigures figures, Supplier<String> state, IntSupplier held, IntSupplier workers)
    implements ActivationMXBean {

    @Override
    public String getState() {
        return state.get();
    }

    @Override
    public long getDelivered() {
        return figures.delivered.sum();
    }

    @Override
    public long getAcknowledged() {
        return figures.acknowledged.sum();
    }

    @Override
    public long getFailed() {
        return figures.failed.sum();
    }

    @Override
    public long getExhausted() {
        return figures.exhausted.sum();
    }

    @Override
    public long getPauses() {
        return figures.pauses.sum();
    }

    @Override
    public int getHeld() {
        return held.getAsInt();
    }

    @Override
    public int getWorkers() {
        return workers.getAsInt();
    }
}

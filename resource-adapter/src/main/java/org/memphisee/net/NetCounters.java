package org.memphisee.net;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import org.memphisee.wire.WireEvents;

/** The counters behind {@link NetStatistics}. They outlive a listener: the adapter keeps one set for its life. */
public final class NetCounters implements NetStatistics, WireEvents, Delivered {

    private final AtomicInteger connections = new AtomicInteger();
    private final LongAdder totalConnections = new LongAdder();
    private final LongAdder refusedConnections = new LongAdder();
    private final LongAdder inMessages = new LongAdder();
    private final LongAdder inBytes = new LongAdder();
    private final LongAdder outMessages = new LongAdder();
    private final LongAdder outBytes = new LongAdder();
    private final LongAdder slowConsumers = new LongAdder();
    private final LongAdder authenticationTimeouts = new LongAdder();

    @Override
    public int connections() {
        return connections.get();
    }

    @Override
    public long totalConnections() {
        return totalConnections.sum();
    }

    @Override
    public long refusedConnections() {
        return refusedConnections.sum();
    }

    @Override
    public long inMessages() {
        return inMessages.sum();
    }

    @Override
    public long inBytes() {
        return inBytes.sum();
    }

    @Override
    public long outMessages() {
        return outMessages.sum();
    }

    @Override
    public long outBytes() {
        return outBytes.sum();
    }

    @Override
    public long slowConsumers() {
        return slowConsumers.sum();
    }

    @Override
    public long authenticationTimeouts() {
        return authenticationTimeouts.sum();
    }

    @Override
    public void published(long messages, long bytes) {
        inMessages.add(messages);
        inBytes.add(bytes);
    }

    @Override
    public void authenticationTimedOut() {
        authenticationTimeouts.increment();
    }

    void opened() {
        connections.incrementAndGet();
        totalConnections.increment();
    }

    void closed() {
        connections.decrementAndGet();
    }

    void refused() {
        refusedConnections.increment();
    }

    @Override
    public void delivered(long messages, long bytes) {
        outMessages.add(messages);
        outBytes.add(bytes);
    }

    void slowConsumer() {
        slowConsumers.increment();
    }
}

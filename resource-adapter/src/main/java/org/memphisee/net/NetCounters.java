package org.memphisee.net;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;

import org.memphisee.port.SessionInfo.Transport;
import org.memphisee.wire.WireEvents;

/** The counters behind {@link NetStatistics}. They outlive a listener: the adapter keeps one set for its life. */
public final class NetCounters implements NetStatistics, WireEvents, Delivered {

    private final AtomicInteger connections = new AtomicInteger();
    private final LongAdder totalConnections = new LongAdder();
    private final LongAdder refusedConnections = new LongAdder();
    private final Way[] ways = Stream.generate(Way::new).limit(Transport.values().length).toArray(Way[]::new);
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
        return sum(way -> way.inMessages);
    }

    @Override
    public long inBytes() {
        return sum(way -> way.inBytes);
    }

    @Override
    public long outMessages() {
        return sum(way -> way.outMessages);
    }

    @Override
    public long outBytes() {
        return sum(way -> way.outBytes);
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
        published(Transport.IN_PROCESS, messages, bytes);
    }

    @Override
    public void authenticationTimedOut() {
        authenticationTimeouts.increment();
    }

    @Override
    public void heldBack() {
        heldBack(Transport.IN_PROCESS);
    }

    /** A message that came by this way has to wait. */
    void heldBack(Transport by) {
        ways[by.ordinal()].heldBack.increment();
    }

    /** Messages came by this way. */
    void published(Transport by, long messages, long bytes) {
        ways[by.ordinal()].inMessages.add(messages);
        ways[by.ordinal()].inBytes.add(bytes);
    }

    /** Messages were queued to a client that is reached by this way. */
    void delivered(Transport by, long messages, long bytes) {
        ways[by.ordinal()].outMessages.add(messages);
        ways[by.ordinal()].outBytes.add(bytes);
    }

    @Override
    public Traffic traffic(Transport transport) {
        Way way = ways[transport.ordinal()];
        return new Traffic(way.inMessages.sum(), way.inBytes.sum(), way.outMessages.sum(), way.outBytes.sum(),
                way.heldBack.sum());
    }

    private long sum(Function<Way, LongAdder> figure) {
        return Arrays.stream(ways).mapToLong(way -> figure.apply(way).sum()).sum();
    }

    void opened() {
        connections.incrementAndGet();
        totalConnections.increment();
    }

    void closed() {
        connections.decrementAndGet();
    }

    /** A client was turned away because there are too many. */
    public void refused() {
        refusedConnections.increment();
    }

    @Override
    public void delivered(long messages, long bytes) {
        delivered(Transport.IN_PROCESS, messages, bytes);
    }

    void slowConsumer() {
        slowConsumers.increment();
    }

    /** What came and went by one way. */
    private static final class Way {
        private final LongAdder inMessages = new LongAdder();
        private final LongAdder inBytes = new LongAdder();
        private final LongAdder outMessages = new LongAdder();
        private final LongAdder outBytes = new LongAdder();
        private final LongAdder heldBack = new LongAdder();
    }
}

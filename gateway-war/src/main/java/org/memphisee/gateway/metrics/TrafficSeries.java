package org.memphisee.gateway.metrics;

import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

import org.memphisee.ejb.BrokerEngine;
import org.memphisee.net.NetStatistics.Traffic;

/**
 * The counters of one way into the broker. A counter cannot be read from elsewhere, so it is moved on before a
 * scrape. One thread at a time.
 */
final class TrafficSeries {

    private final BrokerEngine engine;
    private final BrokerEngine.Way way;
    private final Counter inMessages;
    private final Counter inBytes;
    private final Counter outMessages;
    private final Counter outBytes;
    private final Counter heldBack;

    TrafficSeries(MetricRegistry registry, BrokerEngine engine, BrokerEngine.Way way) {
        this.engine = engine;
        this.way = way;
        Tag tag = new Tag("transport", way.label());
        inMessages = registry.counter("memphis_broker_messages_in", tag);
        inBytes = registry.counter("memphis_broker_bytes_in", tag);
        outMessages = registry.counter("memphis_broker_messages_out", tag);
        outBytes = registry.counter("memphis_broker_bytes_out", tag);
        heldBack = registry.counter("memphis_broker_publishes_held_back", tag);
    }

    /** Brings the counters to where the traffic is. */
    void advance() {
        Traffic now = engine.traffic(way);
        inMessages.inc(now.inMessages() - inMessages.getCount());
        inBytes.inc(now.inBytes() - inBytes.getCount());
        outMessages.inc(now.outMessages() - outMessages.getCount());
        outBytes.inc(now.outBytes() - outBytes.getCount());
        heldBack.inc(now.heldBack() - heldBack.getCount());
    }
}

package org.memphisee.gateway.metrics;

import java.util.HashMap;
import java.util.Map;

import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

import org.memphisee.core.schema.Rejections;
import org.memphisee.ejb.BrokerEngine;

/**
 * Messages that did not fit the schema of their station, refused or only counted. A counter for each station that ever had a
 * schema since the start; moved on before a scrape. One thread at a time.
 */
final class RejectionSeries {

    private record Key(String station, String type) { }

    private final MetricRegistry registry;
    private final BrokerEngine engine;
    private final Map<Key, Counter> counters = new HashMap<>();

    RejectionSeries(MetricRegistry registry, BrokerEngine engine) {
        this.registry = registry;
        this.engine = engine;
    }

    /** Brings the counters to where the broker is. */
    void advance() {
        Map<Key, Long> now = new HashMap<>();
        for (Rejections r : engine.rejections()) {
            now.merge(new Key(station(r.stream()), r.type().word()), r.refused() + r.warned(), Long::sum);
        }
        now.forEach((key, count) -> {
            Counter counter = counters.computeIfAbsent(key, k -> registry.counter("memphis_broker_schema_rejections",
                new Tag("station", k.station()), new Tag("schema_type", k.type())));
            counter.inc(Math.max(0, count - counter.getCount())); // those of a station that went and came back begin anew
        });
    }

    /** External name of the station that a stream belongs to. */
    static String station(String stream) {
        return stream.replaceFirst("\\$\\d+$", "").replace('#', '.');
    }
}

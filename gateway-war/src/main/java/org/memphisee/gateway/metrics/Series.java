package org.memphisee.gateway.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** Registers gauges under one prefix or two. Thread-safe. */
final class Series {

    private static final String PREFIX = "memphis_";

    private final MetricRegistry registry;
    private final String secondPrefix;

    /** @param secondPrefix without underscore, empty for none */
    Series(MetricRegistry registry, String secondPrefix) {
        this.registry = registry;
        this.secondPrefix = secondPrefix;
    }

    /** Registers a gauge, as gauge even where the reference counts (monitoring.md 6.1), and tells under which names. */
    List<MetricID> gauge(String name, Supplier<Number> value, Tag... tags) {
        List<MetricID> ids = new ArrayList<>(2);
        registry.gauge(name, value, tags);
        ids.add(new MetricID(name, tags));
        if (!secondPrefix.isEmpty() && name.startsWith(PREFIX)) {
            String second = secondPrefix + '_' + name.substring(PREFIX.length());
            registry.gauge(second, value, tags);
            ids.add(new MetricID(second, tags));
        }
        return ids;
    }

    void remove(MetricID id) {
        registry.remove(id);
    }
}

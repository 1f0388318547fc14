package org.memphisee.gateway.metrics;

import java.util.List;
import java.util.function.Supplier;

import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Registers gauges under one prefix or two, as gauges even where the reference counts (monitoring.md 6.1). Thread-safe.
 */
final class Series {

    private static final String PREFIX = "memphis_";

    private final MetricRegistry registry;
    private final String secondPrefix;

    /** @param secondPrefix without underscore, empty for none */
    Series(MetricRegistry registry, String secondPrefix) {
        this.registry = registry;
        this.secondPrefix = secondPrefix;
    }

    /** Registers a gauge. */
    void gauge(String name, Supplier<Number> value, Tag... tags) {
        registry.gauge(name, value, tags);
        if (!secondPrefix.isEmpty() && name.startsWith(PREFIX)) {
            registry.gauge(secondPrefix + '_' + name.substring(PREFIX.length()), value, tags);
        }
    }

    /** Registers a gauge; what is returned takes it back. */
    Runnable removable(String name, Supplier<Number> value, Tag... tags) {
        gauge(name, value, tags);
        return () -> {
            registry.remove(new MetricID(name, tags));
            if (!secondPrefix.isEmpty() && name.startsWith(PREFIX)) {
                registry.remove(new MetricID(secondPrefix + '_' + name.substring(PREFIX.length()), tags));
            }
        };
    }

    /** What names begin with, underscore included. */
    List<String> prefixes() {
        return secondPrefix.isEmpty() ? List.of(PREFIX) : List.of(PREFIX, secondPrefix + '_');
    }
}

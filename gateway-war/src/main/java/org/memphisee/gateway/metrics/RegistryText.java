package org.memphisee.gateway.metrics;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Gauge;
import org.eclipse.microprofile.metrics.Histogram;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.Metric;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.eclipse.microprofile.metrics.Snapshot;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

/**
 * Writes what is registered with MicroProfile Metrics as its specification says: names with underscores and unit,
 * counters with {@code _total}, the tag {@code mp_scope}. Thread-safe.
 */
final class RegistryText {

    private static final double NANOS_PER_SECOND = 1e9;

    private final List<MetricRegistry> registries;

    RegistryText(List<MetricRegistry> registries) {
        this.registries = List.copyOf(registries);
    }

    /**
     * Writes the series of all registries.
     *
     * @param scope only of the registry of this scope; empty for all
     * @param name only those registered under this name; empty for all
     * @return whether there were any
     */
    boolean write(TextWriter out, String scope, String name) throws IOException {
        boolean any = false;
        for (MetricRegistry registry : registries) {
            if (!scope.isEmpty() && !scope.equals(registry.getScope())) {
                continue;
            }
            Map<String, List<Map.Entry<MetricID, Metric>>> families = new TreeMap<>();
            registry.getMetrics().entrySet().stream().filter(m -> name.isEmpty() || name.equals(m.getKey().getName()))
                .forEach(m -> families.computeIfAbsent(m.getKey().getName(), n -> new ArrayList<>()).add(m));
            for (Map.Entry<String, List<Map.Entry<MetricID, Metric>>> family : families.entrySet()) {
                Metadata metadata = registry.getMetadata(family.getKey());
                if (metadata != null) {
                    family(out, registry.getScope(), metadata, family.getValue());
                    any = true;
                }
            }
        }
        return any;
    }

    private static void family(TextWriter out, String scope, Metadata metadata,
                               List<Map.Entry<MetricID, Metric>> members) throws IOException {
        String help = metadata.getDescription() == null ? "" : metadata.getDescription().strip();
        String base = base(metadata);
        Metric first = members.get(0).getValue();
        if (first instanceof Counter) {
            String name = base.endsWith("_total") ? base : base + "_total";
            out.family(name, "counter", help);
            for (Map.Entry<MetricID, Metric> m : members) {
                line(out, name, scope, m.getKey()).raw("}").value(((Counter) m.getValue()).getCount());
            }
        } else if (first instanceof Gauge<?>) {
            out.family(base, "gauge", help);
            for (Map.Entry<MetricID, Metric> m : members) {
                number(line(out, base, scope, m.getKey()).raw("}"), ((Gauge<?>) m.getValue()).getValue());
            }
        } else if (first instanceof Timer) {
            distribution(out, base.endsWith("_seconds") ? base : base + "_seconds", help, scope, members);
        } else if (first instanceof Histogram) {
            distribution(out, base, help, scope, members);
        }
    }

    private static void distribution(TextWriter out, String name, String help, String scope,
                                     List<Map.Entry<MetricID, Metric>> members) throws IOException {
        out.family(name + "_max", "gauge", help);
        for (Map.Entry<MetricID, Metric> m : members) {
            line(out, name + "_max", scope, m.getKey()).raw("}").value(snapshot(m).getMax() / scale(m));
        }
        out.family(name, "summary", help);
        for (Map.Entry<MetricID, Metric> m : members) {
            for (Snapshot.PercentileValue p : snapshot(m).percentileValues()) {
                line(out, name, scope, m.getKey()).raw(",")
                    .label("quantile", Double.toString(p.getPercentile())).raw("}").value(p.getValue() / scale(m));
            }
            boolean timer = m.getValue() instanceof Timer;
            line(out, name + "_count", scope, m.getKey()).raw("}").value(timer ? ((Timer) m.getValue()).getCount()
                : ((Histogram) m.getValue()).getCount());
            line(out, name + "_sum", scope, m.getKey()).raw("}").value(timer
                ? ((Timer) m.getValue()).getElapsedTime().toNanos() / NANOS_PER_SECOND
                : (double) ((Histogram) m.getValue()).getSum());
        }
    }

    private static Snapshot snapshot(Map.Entry<MetricID, Metric> metric) {
        return metric.getValue() instanceof Timer timer ? timer.getSnapshot()
            : ((Histogram) metric.getValue()).getSnapshot();
    }

    /** Timers count in nanoseconds. */
    private static double scale(Map.Entry<MetricID, Metric> metric) {
        return metric.getValue() instanceof Timer ? NANOS_PER_SECOND : 1;
    }

    /** The beginning of a line up to its last label. */
    private static TextWriter line(TextWriter out, String name, String scope, MetricID id) throws IOException {
        out.raw(name).raw("{").label("mp_scope", scope);
        for (Tag tag : id.getTagsAsList()) {
            out.raw(",").label(underscored(tag.getTagName()), tag.getTagValue());
        }
        return out;
    }

    private static void number(TextWriter out, Object value) throws IOException {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            out.value(((Number) value).longValue());
        } else {
            out.value(value instanceof Number number ? number.doubleValue() : Double.NaN);
        }
    }

    private static String base(Metadata metadata) {
        String name = underscored(metadata.getName());
        String unit = metadata.getUnit();
        boolean none = unit == null || unit.isEmpty() || unit.equals(MetricUnits.NONE);
        return none || name.endsWith('_' + unit) ? name : name + '_' + underscored(unit);
    }

    private static String underscored(String name) {
        return name.replaceAll("[^a-zA-Z0-9_]", "_");
    }
}

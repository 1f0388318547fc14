package org.memphisee.dashboard.live;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.stations.StationEntry;
import org.memphisee.core.stations.StationReading;
import org.memphisee.core.stream.StreamConfig.Storage;

/** Readings as rows of the topics {@code stations} and {@code groups}, with rates. Not thread-safe. */
final class Rows {

    private static final int GROUPS_IN_STATION = 3;
    /** Who fetches now and then is there all the time. */
    private static final long LATELY_MILLIS = 10_000;
    private static final String STREAM = " (stream)";

    private final Map<String, RateMeter> published = new HashMap<>();
    private final Map<String, RateMeter> delivered = new HashMap<>();

    /** A station is known by its name; a plain stream may have the name of a native station. */
    static String key(StationReading reading, Map<String, ?> taken) {
        String name = reading.entry().name();
        return taken.containsKey(name) ? name + STREAM : name;
    }

    /** The name in a key. */
    static String stationOf(String key) {
        return key.endsWith(STREAM) ? key.substring(0, key.length() - STREAM.length()) : key;
    }

    /** Rows of all stations by key. */
    Map<String, String> stations(List<StationReading> readings, long nowNanos) {
        Map<String, String> rows = new LinkedHashMap<>();
        Set<String> groupKeys = new HashSet<>();
        for (StationReading reading : readings) {
            String key = key(reading, rows);
            RateMeter in = meter(published, key, nowNanos, reading.published());
            RateMeter out = meter(delivered, key, nowNanos, reading.delivered());
            reading.groups().forEach((name, group) -> {
                groupKeys.add(groupKey(key, name));
                meter(delivered, groupKey(key, name), nowNanos, group.delivered());
            });
            rows.put(key, station(key, reading, in, out).toString());
        }
        published.keySet().retainAll(rows.keySet());
        groupKeys.addAll(rows.keySet());
        delivered.keySet().retainAll(groupKeys);
        return rows;
    }

    private static ObjectNode station(String key, StationReading reading, RateMeter in, RateMeter out) {
        StationEntry entry = reading.entry();
        ObjectNode row = Json.object().put("key", key).put("name", entry.name()).put("native", entry.nativeStation())
            .put("partitions", entry.streams().size()).put("storage", entry.storage() == Storage.MEMORY ? "memory" : "disk")
            .put("retention", entry.retention().kind()).put("retentionValue", entry.retention().value())
            .put("createdBy", entry.createdBy()).put("createdAt", TimeUnit.NANOSECONDS.toMillis(entry.createdNanos()))
            .put("messages", reading.messages()).put("bytes", reading.bytes()).put("lastAt", reading.lastMillis())
            .put("frozen", reading.frozen()).put("groups", reading.groups().size()).put("lag", reading.lag());
        Json.rate(row, "inRate", in.perSecond());
        Json.rate(row, "outRate", out.perSecond());
        ArrayNode top = row.putArray("top");
        reading.groups().entrySet().stream()
            .sorted(Comparator.comparingLong((Map.Entry<String, StationReading.Group> g) -> -g.getValue().lag()))
            .limit(GROUPS_IN_STATION)
            .forEach(group -> top.addArray().add(group.getKey()).add(group.getValue().lag()));
        return row;
    }

    /** Rows of the groups of one station by key; {@link #stations} of the same readings comes first. */
    Map<String, String> groups(StationReading reading, String stationKey, long nowMillis) {
        Map<String, String> rows = new LinkedHashMap<>();
        reading.groups().forEach((name, group) -> {
            ObjectNode row = Json.object().put("key", name).put("station", reading.entry().name()).put("name", name)
                .put("waiting", group.waiting()).put("inProcess", group.inProcess()).put("lag", group.lag())
                .put("redelivered", group.redelivered()).put("givenUp", group.givenUp())
                .put("active", group.active() || nowMillis - group.lastMillis() < LATELY_MILLIS)
                .put("lastDeliveredAt", group.lastMillis());
            RateMeter meter = delivered.get(groupKey(stationKey, name));
            if (meter != null) {
                Json.rate(row, "outRate", meter.perSecond());
            }
            rows.put(name, row.toString());
        });
        return rows;
    }

    private static String groupKey(String station, String group) {
        return station + '\n' + group;
    }

    private static RateMeter meter(Map<String, RateMeter> meters, String key, long nowNanos, long count) {
        RateMeter meter = meters.computeIfAbsent(key, k -> new RateMeter());
        meter.observe(nowNanos, count);
        return meter;
    }
}

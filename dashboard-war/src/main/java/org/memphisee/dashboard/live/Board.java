package org.memphisee.dashboard.live;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Rows as they are now, each with the sample in which it last changed. From that a viewer gets exactly what it lacks,
 * whatever it has seen: viewers cost no memory here, and frames for a slow one merge by themselves. Thread-safe.
 */
final class Board {

    /** What a viewer lacks. */
    record Update(boolean snapshot, String data) { }

    private record Row(String json, long changed) { }

    /** Who has seen nothing for so many samples gets everything instead of what went and came meanwhile. */
    static final long REMEMBERED = 60;
    /** Sequence of a viewer that has seen nothing. */
    static final long NOTHING = 0;

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<String, Long> gone = new HashMap<>();
    private final Map<Long, Optional<Update>> rendered = new HashMap<>();
    private long sequence;

    /**
     * The rows of a sample.
     *
     * @param number of the sample, larger than the last
     * @param now all rows by key, as JSON objects
     */
    synchronized void update(long number, Map<String, String> now) {
        sequence = number;
        rendered.clear();
        now.forEach((key, json) -> {
            Row before = rows.get(key);
            if (before == null || !before.json().equals(json)) {
                rows.put(key, new Row(json, number));
                gone.remove(key);
            }
        });
        for (Iterator<String> keys = rows.keySet().iterator(); keys.hasNext();) {
            String key = keys.next();
            if (!now.containsKey(key)) {
                keys.remove();
                gone.put(key, number);
            }
        }
        gone.values().removeIf(when -> when < number - REMEMBERED);
    }

    /** Number of the last sample, 0 before the first. */
    synchronized long sequence() {
        return sequence;
    }

    /**
     * What came, changed and went after a sample.
     *
     * @param seen the last sample that the viewer has, {@link #NOTHING} for none
     * @return empty when nothing did
     */
    synchronized Optional<Update> since(long seen) {
        return rendered.computeIfAbsent(seen, this::render);
    }

    /** All rows whose keys pass. */
    synchronized Update visible(Predicate<String> keys) {
        StringBuilder found = new StringBuilder();
        rows.forEach((key, row) -> {
            if (keys.test(key)) {
                found.append(found.isEmpty() ? "" : ",").append(row.json());
            }
        });
        return new Update(true, "{\"rows\":[" + found + "],\"gone\":[]}");
    }

    private Optional<Update> render(long seen) {
        boolean snapshot = seen == NOTHING || seen < sequence - REMEMBERED;
        StringBuilder changed = new StringBuilder();
        rows.values().stream().filter(row -> snapshot || row.changed() > seen)
            .forEach(row -> changed.append(changed.isEmpty() ? "" : ",").append(row.json()));
        StringBuilder left = new StringBuilder();
        if (!snapshot) {
            gone.forEach((key, when) -> {
                if (when > seen) {
                    left.append(left.isEmpty() ? "" : ",").append(Json.text(key));
                }
            });
        }
        if (!snapshot && changed.isEmpty() && left.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Update(snapshot, "{\"rows\":[" + changed + "],\"gone\":[" + left + "]}"));
    }
}

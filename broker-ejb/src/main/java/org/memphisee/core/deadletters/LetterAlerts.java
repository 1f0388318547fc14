package org.memphisee.core.deadletters;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.notices.Alert;
import org.memphisee.core.notices.PacedAlerts;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.schema.Rejections;
import org.memphisee.core.schema.SchemaGates;

/**
 * Alerts of what groups give up and of what does not fit a schema (F-112, F-131). Looks once a second at counters, so that a
 * message costs nothing more, and tells of each station once however many partitions it has. Control loop only.
 */
final class LetterAlerts {

    private final ControlEngine engine;
    private final SchemaGates gates;
    private final PacedAlerts alerts;
    /** What was there at the last look: by number of partition, and by stream. */
    private Map<Long, Long> givenUp = new HashMap<>();
    private Map<String, Long> failed = new HashMap<>();

    LetterAlerts(ControlEngine engine, SchemaGates gates, PacedAlerts alerts) {
        this.engine = engine;
        this.gates = gates;
        this.alerts = alerts;
    }

    /** What has come since the last look. */
    private static final class News<T> {
        private long count;
        private T latest;

        private void add(long more, T from) {
            count += more;
            latest = from;
        }
    }

    void look() {
        givenUp();
        failed();
        alerts.look();
    }

    private void givenUp() {
        Map<Long, Long> now = new HashMap<>();
        Map<String, News<PartitionHandle>> news = new TreeMap<>();
        engine.definitions().streams().forEach(stream -> engine.registry().byName(stream.name()).ifPresent(handle -> {
            long count = handle.deadLetters().givenUp();
            if (count > 0) {
                now.put(handle.id(), count);
                long more = count - givenUp.getOrDefault(handle.id(), 0L);
                if (more > 0) {
                    news.computeIfAbsent(LetterPlaces.station(stream), s -> new News<>()).add(more, handle);
                }
            }
        }));
        givenUp = now;
        news.forEach((station, n) -> n.latest.run(p -> alerts.raise(poison(station, p), n.count)));
    }

    private static Alert poison(String station, PartitionOperations p) {
        Letter letter = p.letters().newest(Letter.Kind.UNACKED, Long.MAX_VALUE, 1).stream().findFirst().orElse(null);
        LetterGroup last = letter == null ? null : letter.groups().stream()
            .max((a, b) -> Long.compare(a.atNanos(), b.atNanos())).orElse(null);
        if (last == null) { // it was dropped meanwhile
            return new Alert(Alert.Kind.POISON_MESSAGE, station, "a message was given up", "", 0);
        }
        String how = last.cause() == LetterGroup.Cause.TERMINATED ? " dead-lettered a message"
            : " gave up a message after " + last.deliveries() + " deliveries";
        return new Alert(Alert.Kind.POISON_MESSAGE, station, "group " + DeadLetter.external(last) + how, last.reason(),
            letter.id());
    }

    private void failed() {
        Map<String, Long> now = new HashMap<>();
        Map<String, News<Rejections>> news = new TreeMap<>();
        for (Rejections r : gates.rejections()) {
            long count = r.refused() + r.warned();
            now.put(r.stream(), count);
            long before = failed.getOrDefault(r.stream(), 0L);
            long more = count < before ? count : count - before; // a stream of the same name may be another one
            if (more > 0) {
                engine.definitions().stream(r.stream()).map(LetterPlaces::station)
                    .ifPresent(station -> news.computeIfAbsent(station, s -> new News<>()).add(more, r));
            }
        }
        failed = now;
        news.forEach((station, n) -> engine.registry().byName(n.latest.stream()).ifPresent(handle ->
            handle.run(p -> alerts.raise(failure(station, n.latest, p), n.count))));
    }

    /** With the letter, when the last one is of this failure. */
    private static Alert failure(String station, Rejections r, PartitionOperations p) {
        long letter = p.letters().newest(Letter.Kind.SCHEMA, Long.MAX_VALUE, 1).stream()
            .filter(l -> l.error().equals(Letter.text(r.last()))).findFirst().map(Letter::id).orElse(0L);
        return new Alert(Alert.Kind.SCHEMA_FAILURE, station, "a message does not fit schema " + r.schema(), r.last(), letter);
    }
}

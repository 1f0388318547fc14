package org.memphisee.core.deadletters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.memphisee.core.api.AnsweredPublisher;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.log.StoredMessage;

/**
 * Copies of letters on their way into dead-letter stations. Of one partition they go in the order of their letters, some at a time: read
 * together, stored together, and when that is durable their letters know it, and the next ones follow. The number of a letter says which
 * partition of the other station has its copies: all are used, and each has its copies in their order. A crash in between has them copied once more, under the same message ids (ADR 0236). Any thread.
 */
final class LetterCopies {

    /** Letters of one partition that are copied together, and what of their messages is in memory; one is always taken. */
    private static final int SLICE = 500;
    private static final long SLICE_BYTES = 1L << 20;
    /** Partitions of which letters are copied at a time: so the memory for all has a bound. Others come with a later look. */
    private static final int MOST_PARTITIONS = 16;
    /** One that has not gone on for so long is given up: one of the partitions stores nothing any more. */
    private static final long LOST_NANOS = 10_000_000_000L;

    /** Letters of a partition on their way. */
    private static final class Run {
        private final PartitionHandle handle;
        private final String station;
        /** Where copies go, a subject for each partition; empty when nobody wants them any more. */
        private final List<String> subjects;
        private volatile long movedAt;

        private Run(PartitionHandle handle, String station, List<String> subjects, long now) {
            this.handle = handle;
            this.station = station;
            this.subjects = subjects;
            this.movedAt = now;
        }
    }

    private record Copy(Letter letter, LetterGroup group, StoredMessage message) { }

    private final ControlEngine engine;
    private final AnsweredPublisher publisher;
    private final Map<Long, Run> runs = new ConcurrentHashMap<>();

    LetterCopies(ControlEngine engine, AnsweredPublisher publisher) {
        this.engine = engine;
        this.publisher = publisher;
    }

    /** Begins with the letters of a partition unless they are on their way. Control loop. */
    void begin(StreamDefinition stream, PartitionHandle handle) {
        long now = engine.clock().nowNanos();
        runs.values().removeIf(run -> now - run.movedAt > LOST_NANOS);
        Run run = new Run(handle, LetterPlaces.station(stream), subjects(stream), now);
        if (runs.size() < MOST_PARTITIONS && runs.putIfAbsent(handle.id(), run) == null) {
            handle.run(p -> slice(p, run, 0));
        }
    }

    private List<String> subjects(StreamDefinition stream) {
        return engine.definitions().stationById(stream.stationId())
            .flatMap(station -> engine.definitions().station(station.created().dlsStation())).map(this::subjects).orElse(List.of());
    }

    private List<String> subjects(StationDefinition to) {
        return to.livePartitions().stream().flatMap(id -> engine.definitions().streamById(id).stream())
            .map(s -> s.name() + ".final").toList();
    }

    /** The next letters above one. Shard. */
    private void slice(PartitionOperations p, Run run, long above) {
        if (runs.get(run.handle.id()) != run) {
            return; // it was given up
        }
        run.movedAt = engine.clock().nowNanos();
        List<Letter> some = p.letters().toCopy(above, SLICE, SLICE_BYTES);
        if (some.isEmpty()) {
            end(run);
            return;
        }
        long last = some.get(some.size() - 1).id();
        if (run.subjects.isEmpty()) {
            some.forEach(letter -> letter.groups().forEach(group -> copied(p, letter.id(), group.name())));
            p.whenCursorsDurable(() -> slice(p, run, last));
            return;
        }
        Reading reading = new Reading(some, copies -> store(run, copies, last));
        for (int i = 0; i < some.size(); i++) {
            int at = i;
            p.letters().read(some.get(i).id(), read -> reading.read(at, read.found()));
        }
    }

    /** What cannot be read is left for a later look and holds up nobody. Shard. */
    private static final class Reading {
        private final List<Letter> letters;
        private final List<Optional<StoredMessage>> messages = new ArrayList<>();
        private final java.util.function.Consumer<List<Copy>> then;
        private int open;

        private Reading(List<Letter> letters, java.util.function.Consumer<List<Copy>> then) {
            this.letters = letters;
            this.then = then;
            this.open = letters.size();
            letters.forEach(letter -> messages.add(Optional.empty()));
        }

        private void read(int at, Optional<StoredMessage> message) {
            messages.set(at, message);
            if (--open > 0) {
                return;
            }
            List<Copy> copies = new ArrayList<>();
            for (int i = 0; i < letters.size(); i++) {
                Letter letter = letters.get(i);
                messages.get(i).ifPresent(m -> letter.groups().stream().filter(g -> !g.copied())
                    .forEach(g -> copies.add(new Copy(letter, g, m))));
            }
            then.accept(copies);
        }
    }

    /** All together, in their order: they share a write. Shard. */
    private void store(Run run, List<Copy> copies, long last) {
        run.movedAt = engine.clock().nowNanos();
        List<CompletableFuture<Boolean>> stored = copies.stream().map(copy -> store(run, copy)).toList();
        CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)).thenRun(() -> run.handle.run(p -> {
            boolean some = copies.isEmpty();
            for (int i = 0; i < copies.size(); i++) {
                if (stored.get(i).join()) {
                    some = true;
                    copied(p, copies.get(i).letter().id(), copies.get(i).group().name());
                }
            }
            if (some) {
                p.whenCursorsDurable(() -> slice(p, run, last));
            } else {
                end(run); // the other station takes nothing at the moment
            }
        }));
    }

    private CompletableFuture<Boolean> store(Run run, Copy copy) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("station", run.station);
        headers.put("type", copy.letter().kind() == Letter.Kind.SCHEMA ? "failed_schema" : "unacked");
        String group = copy.group().name();
        if (!group.isEmpty()) {
            headers.put("cg", StationLayout.externalName(group));
        }
        headers.put("msg-id", "dls-" + copy.letter().id() + "-" + group);
        StoredMessage message = copy.message();
        String subject = run.subjects.get(Math.floorMod(copy.letter().id(), run.subjects.size()));
        return publisher.store(subject, LetterHeaders.with(message.header(), headers), message.payload())
            .handle((error, failure) -> failure == null && error.isEmpty()); // else a later look tries again
    }

    private void end(Run run) {
        runs.remove(run.handle.id(), run);
    }

    private static void copied(PartitionOperations p, long id, String name) {
        p.letters().get(id).ifPresent(letter -> letter.group(name).filter(group -> !group.copied()).ifPresent(group ->
            p.letters().replace(name.isEmpty() ? letter.without("") : letter.with(group.withCopy()))));
    }
}

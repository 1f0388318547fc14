package org.memphisee.core.jetstream;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.memphisee.core.api.Author;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEvent.ConsumerDefined;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stream.StreamConfig;

/**
 * Stations that come partition by partition (ADR 0167). A partition whose archive is complete waits, durable and unknown to all,
 * for the others; with the last one the station comes to be, and then its groups. Control loop only.
 */
final class ImportedStations {

    private static final int LAYOUT_VERSION = 2;
    /** Partitions that wait at a time; a station may have so many. */
    private static final int MOST = 10_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    /**
     * Where a stream belongs.
     *
     * @param station external name
     * @param number of the partition, from 1
     * @param partitions how many the station has
     */
    record Place(String station, int number, int partitions) { }

    /** A complete partition. */
    record Part(Place place, StreamConfig config, long partitionId, List<ConsumerDefined> consumers, RestoredStream stream,
        long atNanos) { }

    /** What became of it; one of the two is told, on any thread. */
    interface Outcome {

        /** It waits for these partitions; none when the station is there. */
        void complete(List<Integer> missing);

        /** Nothing comes of it, nor of the other partitions. */
        void refused(ApiRefusal why);
    }

    private final ControlEngine engine;
    private final Map<Imports.Key, Part> waiting = new HashMap<>();

    ImportedStations(ControlEngine engine) {
        this.engine = engine;
    }

    /** A partition that waits for others. */
    Optional<Part> find(Imports.Key key) {
        return Optional.ofNullable(waiting.get(key));
    }

    /** One that waits is not wanted any more. */
    void drop(Imports.Key key) {
        Part part = waiting.remove(key);
        if (part != null) {
            part.stream().abandon(0);
        }
    }

    /** All of a partition is durable. */
    void complete(Imports.Key key, Part part, Author by, Outcome outcome) {
        forgetOld();
        if (waiting.size() >= MOST && !waiting.containsKey(key)) {
            part.stream().abandon(0);
            outcome.refused(ApiError.RESTORE_FAILED.refusal("more than " + MOST + " partitions wait for others of their stations"));
            return;
        }
        waiting.put(key, part);
        TreeMap<Integer, Imports.Key> there = new TreeMap<>();
        waiting.forEach((k, p) -> {
            if (k.user().equals(key.user()) && p.place().station().equals(part.place().station())
                && p.place().partitions() == part.place().partitions()) {
                there.put(p.place().number(), k);
            }
        });
        List<Integer> missing = IntStream.rangeClosed(1, part.place().partitions()).boxed().filter(n ->
            !there.containsKey(n)).toList();
        if (!missing.isEmpty()) {
            outcome.complete(missing);
            return;
        }
        List<Part> parts = there.values().stream().map(waiting::remove).sorted(Comparator.comparing(p ->
            p.place().number())).toList();
        engine.lock(part.place().station(), lock -> lock.keep(work -> guard(work, parts, outcome),
            () -> create(parts, by, lock, outcome)));
    }

    private void forgetOld() {
        long now = engine.clock().nowNanos();
        for (Iterator<Part> all = waiting.values().iterator(); all.hasNext();) {
            Part part = all.next();
            if (now - part.atNanos() > Imports.KEPT_NANOS) {
                all.remove();
                part.stream().abandon(0);
            }
        }
    }

    private static void guard(Runnable work, List<Part> parts, Outcome outcome) {
        try {
            work.run();
        } catch (ApiRefusal e) {
            refused(parts, e, outcome);
        }
    }

    private static void refused(List<Part> parts, ApiRefusal why, Outcome outcome) {
        parts.forEach(part -> part.stream().abandon(0));
        outcome.refused(why);
    }

    private void create(List<Part> parts, Author by, NameLock lock, Outcome outcome) {
        String name = parts.get(0).place().station();
        StreamConfig limits = parts.get(0).config();
        if (engine.definitions().station(name).isPresent()) {
            throw ApiError.STREAM_NAME_IN_USE_FOR_RESTORE.refusal();
        }
        for (Part part : parts) {
            if (engine.definitions().stream(part.config().name()).isPresent()) {
                throw ApiError.STREAM_NAME_IN_USE_FOR_RESTORE.refusal();
            }
            if (engine.claims().subjectsTaken(part.config().subjects(), 0)) {
                throw ApiError.SUBJECTS_OVERLAP.refusal();
            }
            if (!plain(part.config()).equals(plain(limits))) {
                throw ApiError.RESTORE_FAILED.refusal("the partitions of station " + name + " are not configured alike");
            }
        }
        if (!engine.claims().roomForStreams(parts.size())) {
            throw ApiError.MAXIMUM_STREAMS.refusal();
        }
        SystemEvent.StationCreated created = event(name, limits, parts, by);
        List<SystemEvent> rest = consumers(created, parts);
        engine.change(by, created, then(() -> define(rest, 0, by, lock, outcome), why -> {
            refused(parts, why, outcome);
            lock.release();
        }));
    }

    private static StreamConfig plain(StreamConfig config) {
        return config.withSubjects("s", List.of("s"));
    }

    /** Groups one after the other, since each is an event of its own. */
    private void define(List<SystemEvent> rest, int next, Author by, NameLock lock, Outcome outcome) {
        if (next == rest.size()) {
            outcome.complete(List.of());
            lock.release();
        } else {
            engine.change(by, rest.get(next), then(() -> define(rest, next + 1, by, lock, outcome), why -> {
                outcome.refused(why);
                lock.release();
            }));
        }
    }

    private ChangeResult then(Runnable next, java.util.function.Consumer<ApiRefusal> otherwise) {
        return new ChangeResult() {
            @Override
            public void effective() {
                engine.resume(next);
            }

            @Override
            public void failed(StoreException cause) {
                otherwise.accept(ApiError.of(cause).refusal());
            }
        };
    }

    // ---- what comes to be

    private SystemEvent.StationCreated event(String name, StreamConfig limits, List<Part> parts, Author by) {
        SystemEvent.RetentionType type = type(limits);
        long value = switch (type) {
            case ACK_BASED -> 0;
            case MESSAGE_AGE_SEC -> Math.max(1, limits.maxAgeNanos() / NANOS_PER_SECOND);
            case MESSAGES -> limits.maxMsgs();
            case BYTES -> limits.maxBytes();
        };
        long window = limits.duplicateWindowNanos() / NANOS_PER_MILLI;
        return new SystemEvent.StationCreated(engine.allocateId(), name, type, value, limits.storage(), 1, window,
            parts.stream().map(Part::partitionId).toList(), true, true, "", false, true, by.user(), engine.clock().wallNanos(),
            LAYOUT_VERSION, List.of(), Map.of(), StationLayout.partitions(name, type, value, limits.storage(), 1, window,
                limits.durability()), Collections.nCopies(parts.size(), engine.placeHere()));
    }

    /** Refuses what no station can be. */
    static void check(StreamConfig config, Place place) {
        String stream = StationLayout.streamName(place.station(), place.number());
        if (place.number() < 1 || place.number() > place.partitions() || !config.name().equals(stream)
            || !config.subjects().equals(List.of(stream + ".>"))) {
            throw ApiError.RESTORE_FAILED.refusal("stream " + config.name() + " is no partition of station " + place.station());
        }
        if (place.partitions() > MOST) {
            throw ApiError.RESTORE_FAILED.refusal("a station has " + MOST + " partitions at most");
        }
        type(config);
    }

    private static SystemEvent.RetentionType type(StreamConfig limits) {
        if (limits.retention() == StreamConfig.Retention.INTEREST) {
            return SystemEvent.RetentionType.ACK_BASED;
        }
        if (limits.maxAgeNanos() > 0) {
            return SystemEvent.RetentionType.MESSAGE_AGE_SEC;
        }
        if (limits.maxMsgs() > 0) {
            return SystemEvent.RetentionType.MESSAGES;
        }
        if (limits.maxBytes() > 0) {
            return SystemEvent.RetentionType.BYTES;
        }
        throw ApiError.RESTORE_FAILED.refusal("stream " + limits.name() + " has no limit that a station has");
    }

    private List<SystemEvent> consumers(SystemEvent.StationCreated station, List<Part> parts) {
        TreeMap<String, Map<Integer, ConsumerDefined>> byName = new TreeMap<>();
        parts.forEach(part -> part.consumers().forEach(c ->
            byName.computeIfAbsent(c.config().name(), name -> new TreeMap<>()).put(part.place().number(), c)));
        List<SystemEvent> events = new ArrayList<>();
        byName.forEach((name, places) -> {
            boolean group = places.entrySet().stream().allMatch(e ->
                ofAGroup(e.getValue().config(), parts.get(e.getKey() - 1).config().name()));
            if (group) {
                events.add(group(station, StationLayout.externalName(name), places));
            } else {
                events.addAll(places.values());
            }
        });
        return events;
    }

    private static boolean ofAGroup(ConsumerConfig c, String stream) {
        return c.durable() && !c.push() && c.ackPolicy() == ConsumerConfig.AckPolicy.EXPLICIT
            && c.filterSubjects().equals(List.of(stream + ".final")) && !StationLayout.internal(c.name());
    }

    private SystemEvent.GroupDefined group(SystemEvent.StationCreated station, String name, Map<Integer,
        ConsumerDefined> places) {
        ConsumerConfig like = places.values().iterator().next().config();
        List<Long> ids = new ArrayList<>();
        List<Long> starts = new ArrayList<>();
        for (int number = 1; number <= station.partitionIds().size(); number++) {
            ConsumerDefined c = places.get(number);
            ids.add(c == null ? 0 : c.consumerId());
            starts.add(c == null ? 1 : c.startSequence());
        }
        long ackMillis = like.ackWaitNanos() / NANOS_PER_MILLI;
        int deliveries = (int) Math.max(-1, Math.min(Integer.MAX_VALUE, like.maxDeliver()));
        return new SystemEvent.GroupDefined(station.id(), name, ackMillis, deliveries, 1, -1, ids, starts,
            engine.clock().wallNanos(), StationLayout.consumers(name, ackMillis, deliveries, 1, -1));
    }
}

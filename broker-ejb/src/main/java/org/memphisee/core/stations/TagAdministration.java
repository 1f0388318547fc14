package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.SystemEvent.StationCreated;
import org.memphisee.core.control.SystemEvent.StationTagged;
import org.memphisee.core.control.SystemEvent.TagDefined;

/**
 * Tags for people (features.md 9.9): defined, listed, put on stations and taken off. Any thread; answers fail with a
 * {@link RequestRefusal} for people.
 */
public final class TagAdministration {

    /** Defined tags at most, some two megabytes. */
    private static final int MOST = 10_000;
    /** Tags of one station at most. */
    private static final int MOST_OF_ONE = 100;

    private final ControlEngine engine;
    private final StationAccess access;

    TagAdministration(ControlEngine engine, StationAccess access) {
        this.engine = engine;
        this.access = access;
    }

    /**
     * A tag with its number.
     *
     * @param id number, 0 for a tag that is only attached
     * @param tag the tag
     */
    public record Numbered(long id, Tag tag) { }

    /** All tags, defined or attached, by name. */
    public CompletableFuture<List<Tag>> all() {
        return engine.ask(() -> {
            Map<String, Tag> tags = attached();
            engine.definitions().tags().all().forEach(tag -> tags.put(tag.name(), new Tag(tag.name(), tag.color())));
            return List.copyOf(tags.values());
        });
    }

    /** Those on at least one station, by name. */
    public CompletableFuture<List<Tag>> used() {
        return engine.ask(() -> List.copyOf(attached().values()));
    }

    private Map<String, Tag> attached() {
        Map<String, Tag> tags = new TreeMap<>();
        engine.definitions().stations().flatMap(station -> tags(station.created())).forEach(tag ->
            tags.putIfAbsent(tag.name(), tag));
        return tags;
    }

    private Stream<Tag> tags(StationCreated station) {
        return station.tags().stream().map(name -> Tag.stored(name, station.tagColors().get(name)));
    }

    /** The colour that a tag has already; empty when it is new. Control loop only. */
    static Optional<String> knownColor(ControlEngine engine, String name) {
        return engine.definitions().tags().find(name).map(TagDefined::color).or(() -> engine.definitions().stations()
            .map(StationDefinition::created).map(station -> station.tagColors().get(name)).filter(color -> color != null)
            .findFirst());
    }

    /**
     * Defines a tag that is on nothing yet.
     *
     * @param by who asks
     */
    public CompletableFuture<Numbered> create(Author by, Tag asked) {
        CompletableFuture<Numbered> result = new CompletableFuture<>();
        guarded(result, () -> engine.submit(() -> engine.lockTags(lock -> lock.keep(work -> guarded(result, work), () -> {
            if (engine.definitions().tags().find(asked.name()).isPresent() || attached().containsKey(asked.name())) {
                throw new RequestRefusal("Tag with the name " + asked.name() + " already exists");
            }
            if (engine.definitions().tags().all().size() >= MOST) {
                throw new RequestRefusal("There are " + MOST + " tags already");
            }
            TagDefined event = new TagDefined(engine.allocateId(), asked.name(), asked.color(), by.user(),
                engine.clock().wallNanos());
            engine.change(by, event, Stations.answering(Stations.ending(lock, error ->
                finish(result, error, new Numbered(event.id(), asked)))));
        }))));
        return result;
    }

    /**
     * Puts tags on a station and takes others off. A tag that is known keeps its colour.
     *
     * @param by who asks
     * @param station external name
     * @return its tags afterwards; none when there is no such station
     */
    public CompletableFuture<List<Tag>> change(Author by, String station, List<Tag> add, Collection<String> remove) {
        CompletableFuture<List<Tag>> result = new CompletableFuture<>();
        guarded(result, () -> engine.submit(() -> engine.lock(station, lock -> lock.keep(work -> guarded(result, work),
            () -> changeLocked(by, station, add, remove, lock, result)))));
        return result;
    }

    private void changeLocked(Author by, String name, List<Tag> add, Collection<String> remove, NameLock lock,
                              CompletableFuture<List<Tag>> result) {
        Optional<StationDefinition> station = Target.find(engine.definitions(), name)
            .flatMap(target -> engine.definitions().stationById(target.id()));
        Consumer<List<Tag>> answer = tags -> {
            result.complete(tags);
            lock.release();
        };
        if (station.isEmpty()) {
            answer.accept(List.of());
            return;
        }
        StationCreated now = station.get().created();
        access.requireWrite(by.user(), now.name());
        Map<String, Tag> tags = new LinkedHashMap<>();
        tags(now).forEach(tag -> tags.put(tag.name(), tag));
        add.forEach(tag -> tags.putIfAbsent(tag.name(),
            new Tag(tag.name(), knownColor(engine, tag.name()).orElse(tag.color()))));
        remove.forEach(tag -> tags.remove(tag.toLowerCase(Locale.ROOT)));
        if (tags.size() > MOST_OF_ONE) {
            throw new RequestRefusal("A station has at most " + MOST_OF_ONE + " tags");
        }
        List<String> names = new ArrayList<>(tags.keySet());
        if (names.equals(now.tags())) {
            answer.accept(List.copyOf(tags.values()));
            return;
        }
        Map<String, String> colors = new TreeMap<>();
        tags.values().forEach(tag -> colors.put(tag.name(), tag.color()));
        engine.change(by, new StationTagged(now.id(), names, colors), Stations.answering(Stations.ending(lock, error ->
            finish(result, error, List.copyOf(tags.values())))));
    }

    private static <T> void finish(CompletableFuture<T> result, String error, T value) {
        if (error.isEmpty()) {
            result.complete(value);
        } else {
            result.completeExceptionally(new RequestRefusal(error));
        }
    }

    private static void guarded(CompletableFuture<?> result, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }
}

package org.memphisee.core.stations;

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
import org.memphisee.core.control.SchemaDefinition;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.SystemEvent.StationCreated;
import org.memphisee.core.control.SystemEvent.StationTagged;
import org.memphisee.core.control.SystemEvent.TagDefined;

/**
 * Tags for people (features.md 9.9): defined, listed, put on stations and taken off; those of schemas: {@link SchemaAdministration}. Any thread; answers fail with a
 * {@link RequestRefusal} for people.
 */
public final class TagAdministration {

    /** Defined tags at most, some two megabytes. */
    private static final int MOST = 10_000;
    /** Tags of one station or schema at most. */
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

    /** Those on at least one station or schema, by name. */
    public CompletableFuture<List<Tag>> used() {
        return engine.ask(() -> List.copyOf(attached().values()));
    }

    private Map<String, Tag> attached() {
        Map<String, Tag> tags = new TreeMap<>();
        Stream.concat(engine.definitions().stations().flatMap(station -> tags(station.created())), engine.definitions().schemas().all()
            .stream().flatMap(TagAdministration::tags)).forEach(tag -> tags.putIfAbsent(tag.name(), tag));
        return tags;
    }

    private static Stream<Tag> tags(SchemaDefinition schema) {
        return schema.tags().stream().map(name -> Tag.stored(name, schema.tagColors().get(name)));
    }

    private Stream<Tag> tags(StationCreated station) {
        return station.tags().stream().map(name -> Tag.stored(name, station.tagColors().get(name)));
    }

    /** The colour that a tag has already; empty when it is new. Control loop only. */
    static Optional<String> knownColor(ControlEngine engine, String name) {
        return engine.definitions().tags().find(name).map(TagDefined::color).or(() -> Stream.concat(
            engine.definitions().stations().map(station -> station.created().tagColors()),
            engine.definitions().schemas().all().stream().map(SchemaDefinition::tagColors)).map(colors -> colors.get(name))
            .filter(color -> color != null).findFirst());
    }

    /** Tags of one thing as they are after a change. Control loop only. */
    static List<Tag> changed(ControlEngine engine, List<Tag> now, List<Tag> add, Collection<String> remove) {
        Map<String, Tag> tags = new LinkedHashMap<>();
        now.forEach(tag -> tags.put(tag.name(), tag));
        add.forEach(tag -> tags.putIfAbsent(tag.name(), new Tag(tag.name(), knownColor(engine, tag.name()).orElse(tag.color()))));
        remove.forEach(tag -> tags.remove(tag.toLowerCase(Locale.ROOT)));
        if (tags.size() > MOST_OF_ONE) {
            throw new RequestRefusal("A station or schema has at most " + MOST_OF_ONE + " tags");
        }
        return List.copyOf(tags.values());
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
        List<Tag> tags = changed(engine, tags(now).toList(), add, remove);
        List<String> names = tags.stream().map(Tag::name).toList();
        if (names.equals(now.tags())) {
            answer.accept(tags);
            return;
        }
        Map<String, String> colors = new TreeMap<>();
        tags.forEach(tag -> colors.put(tag.name(), tag.color()));
        engine.change(by, new StationTagged(now.id(), names, colors), Stations.answering(Stations.ending(lock, error ->
            finish(result, error, tags))));
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

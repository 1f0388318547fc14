package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.SchemaDefinition;
import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;

/**
 * Schemas made, looked at and given to stations by people (management-api.md 5), with permissions checked where a station is
 * touched. Any thread. Results fail with a {@link RequestRefusal}, a {@link SchemaRefusal} for what is wrong in a text, an
 * {@link org.memphisee.core.access.AccessRefusal}, or with what {@link Unavailable} knows.
 */
public final class SchemaAdministration {

    private final ControlEngine engine;
    private final Schemas schemas;
    private final StationSchemas stations;
    private final StationAccess access;

    public SchemaAdministration(ControlEngine engine, Users users, Schemas schemas, StationSchemas stations) {
        this.engine = engine;
        this.schemas = schemas;
        this.stations = stations;
        this.access = new StationAccess(users);
    }

    // ---- looking

    /** All schemas, by name. */
    public CompletableFuture<List<SchemaView>> list() {
        return onLoop(definitions -> definitions.schemas().all().stream().map(s -> SchemaView.of(definitions, s)).toList());
    }

    /** One schema. */
    public CompletableFuture<SchemaView> find(String name) {
        return onLoop(definitions -> SchemaView.of(definitions, schemas.find(name)));
    }

    /** What stations have, by number of station. */
    public CompletableFuture<Map<Long, StationSchema>> ofStations() {
        return onLoop(definitions -> {
            Map<Long, StationSchema> found = new HashMap<>();
            definitions.schemas().attached().map(SchemaEvent.SchemaAttached::stationId).forEach(id ->
                StationSchemas.of(definitions, id).ifPresent(pinned -> found.put(id, StationSchema.of(pinned))));
            return found;
        });
    }

    /** What a station has, by its number. */
    public CompletableFuture<Optional<StationSchema>> ofStation(long stationId) {
        return onLoop(definitions -> StationSchemas.of(definitions, stationId).map(StationSchema::of));
    }

    /** The schema of a station, with the version in use and the active one only. */
    public CompletableFuture<SchemaView> updates(String user, String station) {
        return onLoop(definitions -> {
            Target target = target(definitions, station);
            access.requireUse(user, target.name());
            StationSchemas.Pinned pinned = StationSchemas.of(definitions, target.id()).orElseThrow(() -> Schemas.unknown(""));
            return SchemaView.of(definitions, pinned.schema()).only(pinned.version().number(), pinned.schema().active());
        });
    }

    /** What keeps readers of one version from what was written with another; a line for each break. */
    public CompletableFuture<List<String>> breaks(String name, int reader, int writer) {
        return later(() -> schemas.breaks(name, reader, writer));
    }

    // ---- changing

    /** Looks whether a text is a schema. */
    public CompletableFuture<Void> validate(String type, String content, String messageName) {
        return later(() -> schemas.validate(type, content, messageName).thenApply(text -> null));
    }

    /** Makes a schema that must not exist. */
    public CompletableFuture<SchemaView> create(Author by, SchemaOrder order) {
        return viewed(() -> schemas.create(order, by));
    }

    /** Adds a version, which is not active. */
    public CompletableFuture<SchemaView> addVersion(Author by, SchemaOrder order) {
        return viewed(() -> schemas.addVersion(order, by));
    }

    /** Makes a version the active one. */
    public CompletableFuture<SchemaView> activate(Author by, String name, int version) {
        return viewed(() -> schemas.activate(name, version, by));
    }

    /** Changes tags and what new versions owe to those before; null leaves as it is. */
    public CompletableFuture<SchemaView> edit(Author by, String name, Compatibility compatibility, List<Tag> tags) {
        return viewed(() -> schemas.edit(name, compatibility, tags, by));
    }

    /** Puts tags on a schema and takes others off; its tags afterwards, none when there is no such schema. */
    public CompletableFuture<List<Tag>> retag(Author by, String name, List<Tag> add, Collection<String> remove) {
        return later(() -> schemas.retag(lower(name), add, remove, by));
    }

    /**
     * Removes schemas; names of none are passed over.
     *
     * @param onlyUnused whether one that a station has is refused; else stations lose it
     */
    public CompletableFuture<Void> remove(Author by, List<String> names, boolean onlyUnused) {
        return later(() -> {
            Definitions definitions = engine.definitions();
            List<String> known = names.stream().filter(name -> definitions.schemas().byName(lower(name)).isPresent()).toList();
            known.forEach(name -> definitions.schemas().stationsWith(schemas.find(name).id()).forEach(id ->
                Target.byId(definitions, id).ifPresent(station -> access.requireWrite(by.user(), station.name()))));
            return CompletableFuture.allOf(known.stream().distinct().map(name -> schemas.remove(name, onlyUnused, by))
                .toArray(CompletableFuture[]::new));
        });
    }

    /**
     * Gives stations the active version of a schema; when one of them does not exist, to none.
     *
     * @param enforcement what the broker does with messages that do not fit; null for what it did, or else refuse
     * @return the schema
     */
    public CompletableFuture<SchemaView> attach(Author by, List<String> names, String schema, Enforcement enforcement) {
        return later(() -> {
            SchemaDefinition known = schemas.find(schema);
            List<Target> targets = new ArrayList<>();
            for (String name : names) {
                Target target = target(engine.definitions(), name);
                access.requireWrite(by.user(), target.name());
                targets.add(target);
            }
            List<CompletableFuture<Void>> each = targets.stream()
                .map(target -> answered(answer -> stations.attach(by, target.name(), known.name(), enforcement, answer))).toList();
            return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenCompose(done -> find(known.name()));
        });
    }

    /**
     * Gives a station a version of a schema, which need not be the active one.
     *
     * @param enforcement what the broker does with messages that do not fit
     */
    public CompletableFuture<Void> attach(Author by, String station, String schema, int version, Enforcement enforcement) {
        return changed(by, station, (target, answer) ->
            stations.attach(by, target.name(), schema, version, enforcement, answer));
    }

    /** Takes the schema from a station. */
    public CompletableFuture<Void> detach(Author by, String station) {
        return changed(by, station, (target, answer) -> stations.detach(by, target.name(), answer));
    }

    /** Sets what the broker does with messages that do not fit. */
    public CompletableFuture<Void> enforce(Author by, String station, Enforcement enforcement) {
        return changed(by, station, (target, answer) -> stations.enforce(by, target.name(), enforcement, answer));
    }

    private interface StationChange {
        void run(Target target, Consumer<String> answer);
    }

    private CompletableFuture<Void> changed(Author by, String station, StationChange change) {
        return later(() -> {
            Target target = target(engine.definitions(), station);
            access.requireWrite(by.user(), target.name());
            return answered(answer -> change.run(target, answer));
        });
    }

    private static Target target(Definitions definitions, String name) {
        return Target.find(definitions, name).orElseThrow(() -> new RequestRefusal(Stations.unknown(name)));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    // ---- loop

    private static CompletableFuture<Void> answered(Consumer<Consumer<String>> work) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        work.accept(error -> {
            if (error.isEmpty()) {
                result.complete(null);
            } else {
                result.completeExceptionally(new RequestRefusal(error));
            }
        });
        return result;
    }

    private CompletableFuture<SchemaView> viewed(Supplier<CompletableFuture<SchemaDefinition>> work) {
        return later(work).thenCompose(schema -> find(schema.name()));
    }

    private <T> CompletableFuture<T> onLoop(Function<Definitions, T> question) {
        return later(() -> CompletableFuture.completedFuture(question.apply(engine.definitions())));
    }

    /** Runs on the control loop; fails with the cause itself, never with what wraps it. */
    private <T> CompletableFuture<T> later(Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            engine.submit(() -> {
                try {
                    work.get().whenComplete((value, failure) -> {
                        if (failure == null) {
                            result.complete(value);
                        } else {
                            result.completeExceptionally(Schemas.refusal(failure));
                        }
                    });
                } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
        return result;
    }
}

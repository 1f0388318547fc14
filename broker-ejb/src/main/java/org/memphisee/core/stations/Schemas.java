package org.memphisee.core.stations;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SchemaDefinition;
import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.SchemaBench;
import org.memphisee.core.schema.SchemaException;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;

/**
 * Schemas and their versions, for every door. Control loop only. Results complete on some thread of the broker, and fail with a
 * {@link RequestRefusal}, with a {@link SchemaRefusal} for the text itself, or with what kept the change from being stored.
 */
public final class Schemas {

    /** Characters of all versions of all schemas together. */
    public static final long MAX_SIZE = 16 << 20;
    /** Versions of one schema. */
    static final int MAX_VERSIONS = 1_000;
    private static final String UNSUPPORTED = "unsupported schema type";

    private final ControlEngine engine;
    private final SchemaBench bench;
    private final long maxSize;

    /**
     * Schemas.
     *
     * @param maxSize characters of all versions of all schemas together, {@link #MAX_SIZE}
     */
    public Schemas(ControlEngine engine, SchemaBench bench, long maxSize) {
        this.engine = engine;
        this.bench = bench;
        this.maxSize = maxSize;
    }

    /** Work under the lock of a schema's name. */
    private interface Locked<T> {
        void run(CompletableFuture<T> result);
    }

    /** The language of that name. */
    static SchemaType type(String word) {
        return SchemaType.of(word).orElseThrow(() -> new RequestRefusal(UNSUPPORTED));
    }

    /** The text of who names a schema that is not there. */
    static RequestRefusal unknown(String name) {
        return new RequestRefusal("Schema " + name + " does not exist");
    }

    /** Looks whether a text is a schema. */
    public CompletableFuture<SchemaText> validate(String type, String content, String messageName) {
        return readText(type(type), "schema", content, messageName);
    }

    /** Makes a schema that must not exist, with version 1, which is active. */
    public CompletableFuture<SchemaDefinition> create(SchemaOrder order, Author by) {
        String name = StationNames.external(StationNames.Kind.SCHEMA, order.name());
        SchemaType type = type(order.type());
        return locked(name, result -> {
            if (engine.definitions().schemas().byName(name).isPresent()) {
                throw new RequestRefusal("Schema with the name " + name + " already exists");
            }
            make(name, type, order, by, result);
        });
    }

    /**
     * Makes a schema, or a new version of the one that has the name, as SDKs ask for it (wire-protocol.md 3.8).
     */
    public CompletableFuture<SchemaDefinition> createOrAdd(SchemaOrder order, Author by) {
        String name = StationNames.external(StationNames.Kind.SCHEMA, order.name());
        SchemaType type = type(order.type());
        return locked(name, result -> {
            SchemaDefinition known = engine.definitions().schemas().byName(name).orElse(null);
            if (known == null) {
                make(name, type, order, by, result);
            } else if (known.type() != type) {
                throw new RequestRefusal(name + " already exist with type - " + known.type().word());
            } else if (has(known, order)) {
                throw new RequestRefusal(name + " already exists in the db with the same schema content");
            } else {
                addVersion(known, order, by, result);
            }
        });
    }

    private static boolean has(SchemaDefinition schema, SchemaOrder order) {
        return schema.versions().stream().map(SchemaDefinition.Version::text).anyMatch(text -> text.content().equals(order.content())
            && (order.messageName().isEmpty() || text.messageName().equals(order.messageName())));
    }

    /** Adds a version, which is not active. */
    public CompletableFuture<SchemaDefinition> addVersion(SchemaOrder order, Author by) {
        String name = order.name();
        return locked(name, result -> {
            SchemaDefinition known = find(name);
            if (has(known, order)) {
                throw new RequestRefusal("Version already exists");
            }
            addVersion(known, order, by, result);
        });
    }

    /** Makes a version the active one; stations keep theirs. */
    public CompletableFuture<SchemaDefinition> activate(String name, int version, Author by) {
        return locked(name, result -> {
            SchemaDefinition known = find(name);
            if (known.version(version).isEmpty()) {
                throw new RequestRefusal("Schema " + known.name() + " version " + version + " does not exist");
            }
            if (known.active() == version) {
                result.complete(known);
            } else {
                change(by, known.name(), new SchemaEvent.SchemaVersionActivated(known.id(), version), result);
            }
        });
    }

    /** Changes tags and what new versions owe to those before; null leaves as it is. */
    public CompletableFuture<SchemaDefinition> edit(String name, Compatibility compatibility, List<Tag> tags, Author by) {
        return locked(name, result -> {
            SchemaDefinition known = find(name);
            change(by, known.name(), new SchemaEvent.SchemaChanged(known.id(),
                compatibility == null ? known.compatibility() : compatibility,
                tags == null ? known.tags() : tags.stream().map(Tag::name).toList(),
                tags == null ? known.tagColors() : colors(tags)), result);
        });
    }

    /** Puts tags on a schema and takes others off; a tag that is known keeps its colour. Its tags afterwards, none without it. */
    CompletableFuture<List<Tag>> retag(String name, List<Tag> add, Collection<String> remove, Author by) {
        return locked(name, result -> {
            SchemaDefinition known = engine.definitions().schemas().byName(name).orElse(null);
            if (known == null) {
                result.complete(List.of());
                return;
            }
            List<Tag> before = SchemaView.of(engine.definitions(), known).tags();
            List<Tag> tags = TagAdministration.changed(engine, before, add, remove);
            CompletableFuture<SchemaDefinition> stored = new CompletableFuture<>();
            stored.whenComplete((schema, failure) -> {
                if (failure == null) {
                    result.complete(tags);
                } else {
                    result.completeExceptionally(failure);
                }
            });
            if (tags.equals(before)) {
                stored.complete(known);
            } else {
                change(by, known.name(), new SchemaEvent.SchemaChanged(known.id(), known.compatibility(),
                    tags.stream().map(Tag::name).toList(), colors(tags)), stored);
            }
        });
    }

    /**
     * Removes a schema; stations that have it lose it first.
     *
     * @param onlyUnused whether it is refused while a station has it
     */
    public CompletableFuture<Void> remove(String name, boolean onlyUnused, Author by) {
        return locked(name, result -> {
            SchemaDefinition known = find(name);
            List<Long> stations = engine.definitions().schemas().stationsWith(known.id());
            if (onlyUnused && !stations.isEmpty()) {
                throw new RequestRefusal("Schema " + known.name() + " is used by stations: "
                    + String.join(", ", stations.stream().map(this::stationName).toList()));
            }
            stations.forEach(station -> engine.change(by, new SchemaEvent.SchemaDetached(station), ending(error -> { })));
            engine.change(by, new SchemaEvent.SchemaRemoved(known.id()), ending(cause -> settle(result, null, cause)));
        });
    }

    private String stationName(long id) {
        return Target.byId(engine.definitions(), id).map(Target::name).orElse("a station that is about to be made");
    }

    /** What keeps readers of one version from what was written with another. */
    public CompletableFuture<List<String>> breaks(String name, int reader, int writer) {
        SchemaDefinition known = find(name);
        return bench.breaks(known.type(), version(known, reader).text(), version(known, writer).text());
    }

    private static SchemaDefinition.Version version(SchemaDefinition schema, int number) {
        return schema.version(number).orElseThrow(
            () -> new RequestRefusal("Schema " + schema.name() + " version " + number + " does not exist"));
    }

    /** The schema of that name, in any case. */
    SchemaDefinition find(String name) {
        return engine.definitions().schemas().byName(name.toLowerCase(java.util.Locale.ROOT)).orElseThrow(() -> unknown(name));
    }

    private void make(String name, SchemaType type, SchemaOrder order, Author by, CompletableFuture<SchemaDefinition> result) {
        Compatibility compatibility = compatibility(order, Compatibility.NONE);
        resume(readText(type, name + "_1", order.content(), order.messageName()), result, text -> {
            requireRoom(text);
            change(by, name, new SchemaEvent.SchemaCreated(engine.allocateId(), name, type, text, compatibility,
                order.tags().stream().map(Tag::name).distinct().toList(), colors(order.tags()), by.user(),
                engine.clock().wallNanos()), result);
        });
    }

    private void addVersion(SchemaDefinition known, SchemaOrder order, Author by, CompletableFuture<SchemaDefinition> result) {
        int number = known.versions().size() + 1;
        if (number > MAX_VERSIONS) {
            throw new RequestRefusal("Schema " + known.name() + " has " + MAX_VERSIONS + " versions, which is the most");
        }
        resume(readText(known.type(), known.name() + "_" + number, order.content(), order.messageName()), result, text -> {
            requireRoom(text);
            resume(breaks(known, text), result, breaks -> {
                if (!breaks.isEmpty()) {
                    throw new SchemaRefusal("the new version is not compatible (" + known.compatibility().word() + "): "
                        + String.join("; ", breaks));
                }
                change(by, known.name(), new SchemaEvent.SchemaVersionAdded(known.id(), number, text, by.user(),
                    engine.clock().wallNanos()), result);
            });
        });
    }

    private CompletableFuture<List<String>> breaks(SchemaDefinition known, SchemaText text) {
        SchemaText before = known.newest().text();
        CompletableFuture<List<String>> none = CompletableFuture.completedFuture(List.of());
        CompletableFuture<List<String>> backward =
            known.compatibility().backward() ? bench.breaks(known.type(), text, before) : none;
        CompletableFuture<List<String>> forward =
            known.compatibility().forward() ? bench.breaks(known.type(), before, text) : none;
        return backward.thenCombine(forward, (b, f) -> java.util.stream.Stream.concat(
            b.stream().map(line -> "backward: " + line), f.stream().map(line -> "forward: " + line)).toList());
    }

    private void requireRoom(SchemaText text) {
        if (engine.definitions().schemas().size() + text.size() > maxSize) {
            throw new RequestRefusal("the schemas of this broker would be larger than " + maxSize
                + " characters together; remove some");
        }
    }

    private static Compatibility compatibility(SchemaOrder order, Compatibility absent) {
        return order.compatibility().isEmpty() ? absent : Compatibility.of(order.compatibility())
            .orElseThrow(() -> new RequestRefusal("compatibility can be one of the following none/backward/forward/full"));
    }

    private static Map<String, String> colors(List<Tag> tags) {
        Map<String, String> colors = new HashMap<>();
        tags.forEach(tag -> colors.put(tag.name(), tag.color()));
        return colors;
    }

    private CompletableFuture<SchemaText> readText(SchemaType type, String file, String content, String messageName) {
        return bench.read(type, file, content, messageName);
    }

    // ---- locks and results

    private <T> CompletableFuture<T> locked(String name, Locked<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        engine.lockSchema(name, lock -> {
            result.whenComplete((value, failure) -> lock.release());
            guard(result, () -> work.run(result));
        });
        return result;
    }

    /** Goes on on the control loop with what somebody else made. */
    private <S, T> void resume(CompletableFuture<S> step, CompletableFuture<T> result, Consumer<S> next) {
        step.whenComplete((value, failure) -> engine.resume(() -> {
            if (failure == null) {
                guard(result, () -> next.accept(value));
            } else {
                result.completeExceptionally(refusal(failure));
            }
        }));
    }

    /** What somebody should hear when a text was not read. */
    static Throwable refusal(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof SchemaException ? new SchemaRefusal(cause.getMessage()) : cause;
    }

    private static void guard(CompletableFuture<?> result, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private void change(Author by, String name, SystemEvent event, CompletableFuture<SchemaDefinition> result) {
        engine.change(by, event, ending(cause -> settle(result, cause == null ? find(name) : null, cause)));
    }

    private static <T> void settle(CompletableFuture<T> result, T value, StoreException cause) {
        if (cause == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(cause);
        }
    }

    private static ChangeResult ending(Consumer<StoreException> end) {
        return new ChangeResult() {
            @Override
            public void effective() {
                end.accept(null);
            }

            @Override
            public void failed(StoreException cause) {
                end.accept(cause);
            }
        };
    }
}

package org.memphisee.core.stations;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlLoop;

/**
 * Stations made, looked at and removed by people (management-api.md 4), with their permissions checked. Any thread.
 * Results fail with a {@link RequestRefusal} or {@link AccessRefusal} for people, or a {@link ControlLoop.LoopFullException}
 * when too much is going on.
 */
public final class StationAdministration {

    private final ControlEngine engine;
    private final Stations stations;
    private final StationAccess access;
    private final StationQueries queries;
    private final StationMessages messages;
    private final StationReader reader;
    private final StationUpdates updates;
    private final StationGrowth growth;
    private final StationRemovals removals;
    private final GroupAdministration groups;
    private final TagAdministration tags;

    public StationAdministration(ControlEngine engine, Users users, Stations stations, Members members) {
        this.engine = engine;
        this.stations = stations;
        this.access = new StationAccess(users);
        this.queries = new StationQueries(engine, members);
        this.messages = new StationMessages(engine.errands());
        this.reader = new StationReader(engine);
        this.growth = new StationGrowth(engine);
        this.removals = new StationRemovals(engine);
        this.groups = new GroupAdministration(engine, members);
        this.tags = new TagAdministration(engine, access);
        this.updates = new StationUpdates(engine, stations, engine.publisher());
    }

    /** Lists and overviews. */
    public StationQueries queries() {
        return queries;
    }

    /** Stored messages. */
    public StationMessages messages() {
        return messages;
    }

    /** Figures of all stations. */
    public StationReader reader() {
        return reader;
    }

    /** Removal of messages. */
    public StationRemovals removals() {
        return removals;
    }

    /** Consumer groups. */
    public GroupAdministration groups() {
        return groups;
    }

    /** Tags. */
    public TagAdministration tags() {
        return tags;
    }

    /** What a user may do with stations. */
    public StationAccess access() {
        return access;
    }

    /**
     * Creates a station that must not exist yet; complete when it takes messages.
     *
     * @param by who asks
     */
    public CompletableFuture<StationView> create(Author by, StationOrder order) {
        return create(by, order, "");
    }

    /**
     * Creates a station that must not exist yet, with a schema from its first message on.
     *
     * @param by who asks
     * @param schema name of the schema, empty for none
     */
    public CompletableFuture<StationView> create(Author by, StationOrder order, String schema) {
        CompletableFuture<StationView> result = new CompletableFuture<>();
        guarded(result, () -> {
            StationRequest request = StationRequest.of(order, engine.settings().maxStationPartitions());
            access.requireCreate(by.user(), request.name());
            if (!request.dlsStation().isEmpty()) {
                access.requireCreate(by.user(), request.dlsStation());
            }
            engine.submit(() -> guarded(result, () -> stations.create(request, schema, by, true, error -> {
                if (error.isEmpty()) {
                    engine.resume(() -> queries.findOnLoop(request.name()).ifPresentOrElse(result::complete,
                        () -> result.completeExceptionally(unknown(request.name()))));
                } else {
                    result.completeExceptionally(new RequestRefusal(
                        error.equals(Stations.TOO_MANY_REPLICAS) ? "S" + error.substring(1) : error));
                }
            })));
        });
        return result;
    }

    /**
     * Removes stations with everything in them; when one of them does not exist, none.
     *
     * @param by who asks
     * @param names their very names; only native stations may be named in any case
     */
    public CompletableFuture<Void> remove(Author by, List<String> names) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        guarded(result, () -> engine.submit(() -> guarded(result, () -> {
            Set<Target> targets = new LinkedHashSet<>();
            for (String name : names) {
                Target target = Target.named(engine.definitions(), name).orElseThrow(() -> unknown(name));
                access.requireWrite(by.user(), target.name());
                targets.add(target);
            }
            AtomicInteger open = new AtomicInteger(targets.size());
            AtomicReference<String> failure = new AtomicReference<>("");
            if (targets.isEmpty()) {
                result.complete(null);
            }
            for (Target target : targets) {
                stations.removeAndAnnounce(target, by, error -> {
                    failure.compareAndSet("", error);
                    if (open.decrementAndGet() == 0) {
                        finish(result, failure.get());
                    }
                });
            }
        })));
        return result;
    }

    /**
     * Changes a station that is in use; complete when the change counts in all partitions.
     *
     * @param by who asks
     */
    public CompletableFuture<StationView> change(Author by, StationChange change) {
        CompletableFuture<StationView> result = new CompletableFuture<>();
        guarded(result, () -> {
            Optional<String> dls = change.dlsStation().filter(name -> !name.isEmpty())
                .map(name -> StationNames.external(StationNames.Kind.STATION, name));
            engine.submit(() -> guarded(result, () -> {
                Target target = Target.find(engine.definitions(), change.station())
                    .orElseThrow(() -> unknown(change.station()));
                access.requireWrite(by.user(), target.name());
                dls.ifPresent(name -> access.requireCreate(by.user(), name));
                StationChange checked = new StationChange(target.name(), change.retentionType(), change.retentionValue(),
                    change.windowMillis(), change.dlsPoison(), change.dlsSchemaverse(),
                    dls.isPresent() ? dls : change.dlsStation(), change.durability(), change.tieredStorage());
                updates.change(checked, by, error -> engine.resume(() -> {
                    if (error.isEmpty()) {
                        queries.findOnLoop(target.name()).ifPresentOrElse(result::complete,
                            () -> result.completeExceptionally(unknown(target.name())));
                    } else {
                        result.completeExceptionally(new RequestRefusal(error));
                    }
                }));
            }));
        });
        return result;
    }

    /**
     * Gives a station more partitions; complete when the new ones take messages.
     *
     * @param by who asks
     * @param partitions how many it is to have
     * @param known whether it is known what this means for messages with keys
     * @return the station
     */
    public CompletableFuture<StationView> grow(Author by, String name, long partitions, boolean known) {
        CompletableFuture<StationView> result = new CompletableFuture<>();
        guarded(result, () -> engine.submit(() -> guarded(result, () -> {
            Target target = Target.find(engine.definitions(), name).orElseThrow(() -> unknown(name));
            access.requireWrite(by.user(), target.name());
            growth.grow(target.name(), by, partitions, known, error -> engine.resume(() -> {
                if (error.isEmpty()) {
                    queries.findOnLoop(target.name()).ifPresentOrElse(result::complete,
                        () -> result.completeExceptionally(unknown(target.name())));
                } else {
                    result.completeExceptionally(new RequestRefusal(error));
                }
            }));
        })));
        return result;
    }

    private static void finish(CompletableFuture<Void> result, String error) {
        if (error.isEmpty()) {
            result.complete(null);
        } else {
            result.completeExceptionally(new RequestRefusal(error));
        }
    }

    /** The text of who asks for a station that is not there. */
    public static RequestRefusal unknown(String name) {
        return new RequestRefusal(Stations.unknown(name));
    }

    private static void guarded(CompletableFuture<?> result, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }
}

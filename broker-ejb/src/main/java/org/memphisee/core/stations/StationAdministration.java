package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.StationAccess;
import org.memphisee.core.access.Users;
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

    public StationAdministration(ControlEngine engine, Users users, Stations stations, Members members) {
        this.engine = engine;
        this.stations = stations;
        this.access = new StationAccess(users);
        this.queries = new StationQueries(engine, members);
        this.messages = new StationMessages(engine.registry());
        this.reader = new StationReader(engine);
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

    /** What a user may do with stations. */
    public StationAccess access() {
        return access;
    }

    /**
     * Creates a station that must not exist yet; complete when it takes messages.
     *
     * @param user who asks
     */
    public CompletableFuture<StationView> create(String user, StationOrder order) {
        CompletableFuture<StationView> result = new CompletableFuture<>();
        guarded(result, () -> {
            StationRequest request = StationRequest.of(order, engine.settings().maxStationPartitions());
            access.requireCreate(user, request.name());
            if (!request.dlsStation().isEmpty()) {
                access.requireCreate(user, request.dlsStation());
            }
            engine.submit(() -> guarded(result, () -> stations.create(request, user, true, error -> {
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
     * @param user who asks
     * @param names their very names; only native stations may be named in any case
     */
    public CompletableFuture<Void> remove(String user, List<String> names) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        guarded(result, () -> engine.submit(() -> guarded(result, () -> {
            Set<Target> targets = new LinkedHashSet<>();
            for (String name : names) {
                Target target = Target.named(engine.definitions(), name).orElseThrow(() -> unknown(name));
                access.requireWrite(user, target.name());
                targets.add(target);
            }
            AtomicInteger open = new AtomicInteger(targets.size());
            AtomicReference<String> failure = new AtomicReference<>("");
            if (targets.isEmpty()) {
                result.complete(null);
            }
            for (Target target : targets) {
                stations.removeAndAnnounce(target, error -> {
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
     * Removes the messages of some partitions, of all when none is named; groups and configuration stay.
     *
     * @param user who asks
     * @return when it is durable, how many went
     */
    public CompletableFuture<Long> purge(String user, StationView station, Set<Integer> numbers) {
        access.requireWrite(user, station.name());
        List<CompletableFuture<Long>> purged = new ArrayList<>();
        for (int i = 0; i < station.streams().size(); i++) {
            if (numbers.isEmpty() || station.nativeStation() && numbers.contains(station.partitions().get(i))) {
                engine.registry().byName(station.streams().get(i)).ifPresent(handle -> {
                    CompletableFuture<Long> done = new CompletableFuture<>();
                    handle.run(p -> p.purge("", 0, 0, done::complete,
                        why -> done.completeExceptionally(new RequestRefusal(why))));
                    purged.add(done);
                });
            }
        }
        return CompletableFuture.allOf(purged.toArray(CompletableFuture[]::new))
            .thenApply(all -> purged.stream().mapToLong(CompletableFuture::join).sum());
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

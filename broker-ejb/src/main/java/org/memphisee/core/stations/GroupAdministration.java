package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.memphisee.core.api.Author;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.control.ConsumerDefinition;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent.GroupDefined;
import org.memphisee.core.control.SystemEvent.GroupRemoved;
import org.memphisee.core.errand.ConsumerFigures;
import org.memphisee.core.stations.GroupReset.Outcome;
import org.memphisee.core.stations.GroupReset.Part;
import org.memphisee.core.stations.StationOverview.MemberView;

/**
 * Consumer groups looked at, moved and removed by people. A group that is moved is defined anew with consumers that begin
 * elsewhere (ADR 0111); what its members still acknowledge of before counts only where it is delivered again. Any thread;
 * answers fail with a {@link RequestRefusal} for people.
 */
public final class GroupAdministration {

    private final ControlEngine engine;
    private final Members members;
    private final MemberLog memberLog;
    private final GroupPositions positions;
    private final Groups groups;

    GroupAdministration(ControlEngine engine, Members members) {
        this.engine = engine;
        this.members = members;
        this.memberLog = new MemberLog(engine);
        this.positions = new GroupPositions(engine);
        this.groups = new Groups(engine);
    }

    /**
     * Makes a group that nobody has joined yet, or gives the one that is there these limits; where that is, it stays.
     *
     * @param station external name
     */
    public CompletableFuture<Void> define(Author by, String station, GroupRequest group) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        guarded(result, () -> engine.submit(() -> engine.lock(station, lock ->
            lock.keep(work -> guarded(result, work), () -> {
                Target target = Target.find(engine.definitions(), station).orElseThrow(() -> StationAdministration.unknown(station));
                groups.join(target, group, by, Stations.ending(lock, error -> finish(result, error, () -> null)));
            }))));
        return result;
    }

    /** All groups of a station and durables of plain clients there, by name. */
    public CompletableFuture<List<GroupStatus>> list(StationView station) {
        return engine.ask(() -> {
            List<StreamDefinition> streams = streams(station.id());
            List<String> names = streams.stream()
                .flatMap(stream -> engine.definitions().consumers(stream.partitionId()).stream())
                .map(ConsumerDefinition::config).filter(config -> config.durable() && !StationLayout.internal(config.name()))
                .map(config -> StationLayout.externalName(config.name())).distinct().sorted().toList();
            List<Pending> pending = names.stream().map(name -> pending(station.id(), name)).toList();
            return positions.of(streams).thenApply(found -> pending.stream().map(p -> p.status(found)).toList());
        }).thenCompose(found -> found);
    }

    private record Pending(String name, Optional<GroupDefined> defined, boolean active, List<MemberView> members) {

        GroupStatus status(List<GroupPositions.Found> all) {
            List<GroupPositions.Found> own = all.stream()
                .filter(found -> StationLayout.externalName(found.figures().name()).equals(name)).toList();
            ConsumerFigures one = own.isEmpty() ? null : own.get(0).figures();
            boolean asked = own.stream().anyMatch(f -> f.figures().asked());
            long ackMillis = defined.map(GroupDefined::maxAckTimeMillis)
                .orElse(one == null ? 0L : one.ackWaitNanos() / 1_000_000);
            long deliveries = defined.map(group -> (long) group.maxDeliveries())
                .orElse(one == null ? -1L : one.maxDeliver());
            return new GroupStatus(name, defined.isPresent(), defined.isPresent() ? active : asked, ackMillis, deliveries,
                own.stream().map(GroupPositions.Found::position).toList(), members);
        }
    }

    private Pending pending(long stationId, String name) {
        List<MemberView> registered = new ArrayList<>();
        members.all().forEach((member, active) -> {
            if (!member.producer() && member.stationId() == stationId && member.group().equals(name)) {
                registered.add(new MemberView(member, active));
            }
        });
        return new Pending(name, engine.definitions().group(stationId, name), members.active(stationId, name), registered);
    }

    private List<StreamDefinition> streams(long stationId) {
        return engine.definitions().partitionsOf(stationId).stream()
            .flatMap(id -> engine.definitions().streamById(id).stream()).toList();
    }

    /** Tells what a reset does, and does it unless it is a dry run. */
    public CompletableFuture<Outcome> reset(Author by, StationView station, GroupReset reset) {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        underLock(station, result, lock -> {
            GroupDefined group = group(station, reset.group());
            List<StreamDefinition> streams = streams(station.id());
            if (!reset.dryRun()) {
                requireFree(station, reset.group(), reset.force());
            }
            positions.parts(streams, StationNames.internal(reset.group()), reset).whenComplete((parts, failure) ->
                engine.resume(() -> lock.keep(work -> guarded(result, work), () -> {
                    if (failure != null) {
                        throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
                    }
                    if (reset.dryRun()) {
                        result.complete(new Outcome(parts));
                        lock.release();
                        return;
                    }
                    engine.change(by, moved(station.id(), group, parts), Stations.answering(Stations.ending(lock, error ->
                        finish(result, error, () -> new Outcome(parts)))));
                })));
        });
        return result;
    }

    /** The group anew, with consumers that begin elsewhere; one of a plain client with its name stays where it is. */
    private GroupDefined moved(long stationId, GroupDefined group, List<Part> parts) {
        List<Long> partitions = engine.definitions().stationById(stationId)
            .map(station -> station.created().partitionIds()).orElse(List.of(stationId));
        List<Long> ids = new ArrayList<>();
        List<Long> starts = new ArrayList<>();
        for (int i = 0; i < partitions.size(); i++) {
            long partition = partitions.get(i);
            int number = engine.definitions().streamById(partition).map(StreamDefinition::number).orElse(-1);
            Optional<Part> part = parts.stream().filter(p -> p.partition() == number).findFirst();
            long before = i < group.consumerIds().size() ? group.consumerIds().get(i) : 0;
            boolean foreign = engine.definitions().consumer(partition, group.config().name())
                .filter(consumer -> consumer.consumerId() != before).isPresent();
            ids.add(part.isEmpty() || foreign ? 0 : engine.allocateId());
            starts.add(part.map(Part::sequence).orElse(1L));
        }
        return new GroupDefined(group.stationId(), group.name(), group.maxAckTimeMillis(), group.maxDeliveries(),
            group.startFromSequence(), group.lastMessages(), ids, starts, engine.clock().wallNanos(),
            group.config().beginning(ConsumerConfig.DeliverPolicy.BY_START_SEQUENCE, 0));
    }

    /** Removes a group, or the durables of that name of plain clients, with positions and members. */
    public CompletableFuture<Void> remove(Author by, StationView station, String group, boolean force) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        underLock(station, result, lock -> {
            requireFree(station, group, force);
            Consumer<String> ending = Stations.ending(lock, error -> finish(result, error, () -> null));
            if (engine.definitions().group(station.id(), group).isPresent()) {
                engine.change(by, new GroupRemoved(station.id(), group), Stations.answering(error -> engine.resume(() ->
                    memberLog.forget(by, error.isEmpty() ? members.forgetGroup(station.id(), group) : List.of(),
                        () -> ending.accept(error)))));
                return;
            }
            List<ConsumerDefinition> durables = streams(station.id()).stream().flatMap(stream -> engine.definitions()
                .consumer(stream.partitionId(), StationNames.internal(group)).stream())
                .filter(consumer -> consumer.config().durable()).toList();
            if (durables.isEmpty()) {
                throw unknown(group);
            }
            removeNext(by, durables, 0, ending);
        });
        return result;
    }

    private void removeNext(Author by, List<ConsumerDefinition> durables, int next, Consumer<String> ending) {
        if (next == durables.size()) {
            ending.accept("");
            return;
        }
        engine.removeConsumer(by, durables.get(next), Stations.answering(error -> engine.resume(() -> {
            if (error.isEmpty()) {
                removeNext(by, durables, next + 1, ending);
            } else {
                ending.accept(error);
            }
        })));
    }

    /**
     * Forgets producers or consumers of a station that are not connected (management-api.md M-111).
     *
     * @param producers producers, or consumers
     */
    public CompletableFuture<Integer> forgetAway(Author by, StationView station, boolean producers) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        underLock(station, result, lock -> {
            if (!members.unheard().isEmpty()) {
                throw new RequestRefusal("nobody is forgotten: " + unheard());
            }
            List<Members.Member> gone = members.forgetAway(station.id(), producers);
            memberLog.forget(by, gone, () -> {
                result.complete(gone.size());
                lock.release();
            });
        });
        return result;
    }

    private String unheard() {
        return "who is connected to " + members.unheard().stream().sorted().collect(Collectors.joining(", "))
            + " is not known; try again when all nodes are back";
    }

    private GroupDefined group(StationView station, String name) {
        return engine.definitions().group(station.id(), name).orElseThrow(() -> unknown(name));
    }

    private static RequestRefusal unknown(String group) {
        return new RequestRefusal("Consumer group " + group + " does not exist");
    }

    private void requireFree(StationView station, String group, boolean force) {
        if (!force && members.active(station.id(), group)) {
            throw new RequestRefusal("Consumer group " + group + " has connected consumers");
        }
        if (!force && members.uncertain(station.id(), group)) {
            throw new RequestRefusal("Consumer group " + group + " may have connected consumers: " + unheard());
        }
        for (StreamDefinition stream : streams(station.id())) {
            engine.registry().byName(stream.name()).filter(handle -> handle.state().offline()).ifPresent(handle -> {
                throw new RequestRefusal(handle.fault());
            });
        }
    }

    /** The lock is released by the work, unless it throws. */
    private void underLock(StationView station, CompletableFuture<?> result, Consumer<NameLock> work) {
        guarded(result, () -> engine.submit(() -> engine.lock(station.name(), lock ->
            lock.keep(task -> guarded(result, task), () -> {
                boolean there = !engine.definitions().partitionsOf(station.id()).isEmpty();
                if (!there) {
                    throw StationAdministration.unknown(station.name());
                }
                work.accept(lock);
            }))));
    }

    private static <T> void finish(CompletableFuture<T> result, String error, Supplier<T> value) {
        if (error.isEmpty()) {
            result.complete(value.get());
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

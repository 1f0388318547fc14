package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEvent.GroupDefined;
import org.memphisee.core.errand.FindStart;
import org.memphisee.core.jetstream.ApiError;

/**
 * Consumer groups as durable consumers on every partition (wire-protocol.md 4.3), for every door. Control loop, inside
 * the lock of the station's name; answers are texts, empty for success.
 */
public final class Groups {

    private final ControlEngine engine;

    public Groups(ControlEngine engine) {
        this.engine = engine;
    }

    /** Creates the group, or gives an existing one the limits asked for; its position never changes (features.md 3.3). */
    public void join(Target target, GroupRequest request, Author by, Consumer<String> answer) {
        if (offline(target)) {
            answer.accept(Stations.text(ApiError.STREAM_OFFLINE));
            return;
        }
        GroupDefined existing = engine.definitions().group(target.id(), request.name()).orElse(null);
        if (existing == null) {
            create(target, request, by, answer);
        } else if (existing.maxAckTimeMillis() == request.maxAckTimeMillis()
            && existing.maxDeliveries() == request.maxDeliveries()) {
            answer.accept("");
        } else {
            engine.change(by, new SystemEvent.GroupUpdated(target.id(), request.name(), request.maxAckTimeMillis(),
                request.maxDeliveries()), Stations.answering(answer));
        }
    }

    /** Whether an existing group began elsewhere than asked. */
    public boolean startsElsewhere(Target target, GroupRequest request) {
        return engine.definitions().group(target.id(), request.name())
            .filter(g -> g.startFromSequence() != request.startFromSequence()
                || g.lastMessages() != request.lastMessages()).isPresent();
    }

    /** Removes the group with its position. */
    public void remove(Target target, String group, Author by, Consumer<String> answer) {
        if (engine.definitions().group(target.id(), group).isEmpty()) {
            answer.accept("");
            return;
        }
        if (offline(target)) {
            answer.accept(Stations.text(ApiError.STREAM_OFFLINE));
            return;
        }
        engine.change(by, new SystemEvent.GroupRemoved(target.id(), group), Stations.answering(answer));
    }

    /** Whether a partition could not be recovered: where a group begins, or what it has, is not known then. */
    private boolean offline(Target target) {
        return engine.definitions().partitionsOf(target.id()).stream()
            .flatMap(partition -> engine.definitions().streamById(partition).stream())
            .flatMap(stream -> engine.registry().byName(stream.name()).stream())
            .anyMatch(handle -> handle.state().offline());
    }

    private void create(Target target, GroupRequest request, Author by, Consumer<String> answer) {
        List<StreamDefinition> streams = engine.definitions().partitionsOf(target.id()).stream()
            .flatMap(partition -> engine.definitions().streamById(partition).stream()).toList();
        if (request.lastMessages() < 0) {
            engine.change(by, define(target, request, stream -> 0L), Stations.answering(answer));
            return;
        }
        Map<String, Long> ends = new ConcurrentHashMap<>();
        List<CompletableFuture<Long>> asked = engine.errands().partitions(streams.stream().map(StreamDefinition::name).toList()).stream()
            .map(partition -> partition.run(new FindStart("", FindStart.Where.NEXT, 0)).thenApply(end ->
                ends.put(partition.name(), end.sequence() - 1))).toList();
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).whenComplete((known, failure) -> engine.resume(() -> {
            if (failure == null) {
                engine.change(by, define(target, request, stream -> ends.getOrDefault(stream, 0L)), Stations.answering(answer));
            } else {
                answer.accept(Stations.text(ApiError.UNAVAILABLE));
            }
        }));
    }

    /** {@code lasts} tells where a stream ends. */
    private GroupDefined define(Target target, GroupRequest request, ToLongFunction<String> lasts) {
        List<Long> partitions = engine.definitions().stationById(target.id())
            .map(StationDefinition::created).map(SystemEvent.StationCreated::partitionIds)
            .orElse(List.of(target.id()));
        List<Long> ids = new ArrayList<>(partitions.size());
        List<Long> starts = new ArrayList<>(partitions.size());
        String consumer = StationNames.internal(request.name());
        for (long partition : partitions) {
            StreamDefinition stream = engine.definitions().streamById(partition).orElse(null);
            boolean taken = engine.definitions().consumer(partition, consumer).isPresent(); // a plain client's: it wins
            ids.add(stream == null || taken ? 0 : engine.allocateId());
            starts.add(stream == null ? 1 : start(stream.name(), request, lasts));
        }
        return new GroupDefined(target.id(), request.name(), request.maxAckTimeMillis(), request.maxDeliveries(),
            request.startFromSequence(), request.lastMessages(), ids, starts, engine.clock().wallNanos(),
            StationLayout.consumers(request.name(), request.maxAckTimeMillis(), request.maxDeliveries(),
                request.startFromSequence(), request.lastMessages()));
    }

    private static long start(String stream, GroupRequest request, ToLongFunction<String> lasts) {
        if (request.lastMessages() >= 0) {
            return Math.max(1, lasts.applyAsLong(stream) - request.lastMessages() + 1);
        }
        return request.startFromSequence();
    }
}

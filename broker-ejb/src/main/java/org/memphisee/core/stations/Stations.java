package org.memphisee.core.stations;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.memphisee.core.api.Author;
import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEvent.StationCreated;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.jetstream.ApiError;
import org.memphisee.core.log.StoreException;

/**
 * Creating and removing stations, for every door. Control loop only; answers are texts, empty for success, and come on
 * the loop or a shard's thread.
 */
public final class Stations {

    /** As SDKs know it; people are told the same with a capital letter. */
    static final String TOO_MANY_REPLICAS =
        "station can not be created, probably since replicas count is larger than the cluster size";
    private static final int LAYOUT_VERSION = 2;

    private final ControlEngine engine;
    private final InternalPublisher publisher;

    public Stations(ControlEngine engine, InternalPublisher publisher) {
        this.engine = engine;
        this.publisher = publisher;
    }

    /** Creates a station, and before it its dead-letter station if that is missing; an existing one is left alone. */
    public void create(StationRequest request, Author by, Consumer<String> answer) {
        create(request, by, false, answer);
    }

    /**
     * Creates a station, and before it its dead-letter station if that is missing.
     *
     * @param mustBeNew whether an existing one is an error
     */
    void create(StationRequest request, Author by, boolean mustBeNew, Consumer<String> answer) {
        create(request, "", by, mustBeNew, answer);
    }

    /**
     * Creates a station that has a schema from its first message on.
     *
     * @param schema name of a schema, in any case; empty for none
     * @param mustBeNew whether an existing one is an error
     */
    public void create(StationRequest request, String schema, Author by, boolean mustBeNew, Consumer<String> answer) {
        String dls = request.dlsStation();
        if (dls.isEmpty() || dls.equals(request.name()) || engine.place(request.replicas(), 1).isEmpty()
            || Target.find(engine.definitions(), request.name()).isPresent()) {
            createOne(request, schema, by, mustBeNew, answer);
            return;
        }
        createOne(StationRequest.defaults(dls, engine.defaultReplicas()), "", by, false, error -> engine.resume(() -> {
            if (error.isEmpty()) {
                createOne(request, schema, by, mustBeNew, answer);
            } else {
                answer.accept(error);
            }
        }));
    }

    private void createOne(StationRequest request, String schema, Author by, boolean mustBeNew, Consumer<String> answer) {
        engine.lock(request.name(), lock -> {
            Consumer<String> ending = ending(lock, answer);
            if (mustBeNew && Target.find(engine.definitions(), request.name()).isPresent()) {
                ending.accept("Station " + request.name() + " already exists");
            } else {
                createLocked(request, schema, by, ending);
            }
        });
    }

    /** Same under the lock of the station's name, which the caller releases. */
    public void createLocked(StationRequest request, Author by, Consumer<String> answer) {
        createLocked(request, "", by, answer);
    }

    private void createLocked(StationRequest request, String schema, Author by, Consumer<String> answer) {
        if (Target.find(engine.definitions(), request.name()).isPresent()) {
            answer.accept("");
            return;
        }
        Optional<List<Long>> placement = engine.place(request.replicas(), request.partitions());
        if (placement.isEmpty()) {
            answer.accept(TOO_MANY_REPLICAS);
            return;
        }
        List<String> streams = IntStream.rangeClosed(1, request.partitions())
            .mapToObj(number -> StationLayout.streamName(request.name(), number)).toList();
        if (!engine.claims().roomForStreams(streams.size())) {
            answer.accept(text(ApiError.MAXIMUM_STREAMS));
        } else if (streams.stream().anyMatch(stream -> engine.definitions().stream(stream).isPresent())) {
            answer.accept(text(ApiError.STREAM_NAME_IN_USE));
        } else if (engine.claims().subjectsTaken(streams.stream().map(stream -> stream + ".>").toList(), 0)) {
            answer.accept(text(ApiError.SUBJECTS_OVERLAP));
        } else if (!engine.claims().roomForMemory(request.reservedMemory(), 0)) {
            answer.accept(text(ApiError.INSUFFICIENT_MEMORY));
        } else {
            StationCreated event = event(request, placement.get(), by.user());
            if (schema.isEmpty()) {
                engine.change(by, event, answering(answer));
            } else {
                attachThenCreate(by, event, schema, answer);
            }
        }
    }

    /** In this order, so that whatever breaks in between, the station is never there without its schema. */
    private void attachThenCreate(Author by, StationCreated event, String schema, Consumer<String> answer) {
        new StationSchemas(engine).attachLocked(by, event.id(), schema, null, error -> {
            if (error.isEmpty()) {
                engine.change(by, event, answering(answer));
            } else {
                answer.accept(error);
            }
        });
    }

    private StationCreated event(StationRequest r, List<Long> placement, String user) {
        long id = engine.allocateId();
        long first = engine.allocateIds(r.partitions());
        return new StationCreated(id, r.name(), r.retentionType(), r.retentionValue(), r.storage(), r.replicas(),
            r.windowMillis(), LongStream.range(first, first + r.partitions()).boxed().toList(), r.dlsPoison(),
            r.dlsSchemaverse(), r.dlsStation(), r.tieredStorage(), true, user, engine.clock().wallNanos(), LAYOUT_VERSION,
            r.tags().stream().map(Tag::name).toList(), colors(r.tags()), StationLayout.partitions(r.name(),
                r.retentionType(), r.retentionValue(), r.storage(), r.replicas(), r.windowMillis(), r.durability()),
            placement);
    }

    /** Colours as they are known, else as they are asked for. */
    private Map<String, String> colors(List<Tag> tags) {
        Map<String, String> colors = new HashMap<>();
        tags.forEach(tag -> colors.put(tag.name(), tag.equals(Tag.DEFAULT) ? tag.color()
            : TagAdministration.knownColor(engine, tag.name()).orElse(tag.color())));
        return colors;
    }

    /**
     * Removes the station that has this very name, native or not, with its messages and groups.
     *
     * @param name external name as it was said
     */
    public void remove(String name, Author by, Consumer<String> answer) {
        engine.lock(name, lock -> Target.named(engine.definitions(), name).ifPresentOrElse(
            target -> remove(target, by, lock, answer), () -> ending(lock, answer).accept(unknown(name))));
    }

    /**
     * Removes a station that was found, if it is still there, and tells connected SDKs, which a removal by an SDK itself
     * does not want.
     */
    void removeAndAnnounce(Target target, Author by, Consumer<String> answer) {
        engine.lock(target.name(), lock -> {
            boolean there = target.nativeStation() ? engine.definitions().stationById(target.id()).isPresent()
                : engine.definitions().streamById(target.id()).isPresent();
            if (!there) {
                ending(lock, answer).accept(unknown(target.name()));
                return;
            }
            remove(target, by, lock, error -> {
                if (error.isEmpty()) {
                    publisher.publish("$memphis_sdk_clients_updates", ("{\"station_name\":\""
                        + StationNames.internal(target.name()) + "\",\"type\":\"remove_station\",\"update\":null}")
                        .getBytes(StandardCharsets.UTF_8));
                }
                answer.accept(error);
            });
        });
    }

    private void remove(Target target, Author by, NameLock lock, Consumer<String> answer) {
        SystemEvent event = target.nativeStation() ? new SystemEvent.StationDeleted(target.id())
            : new SystemEvent.StreamDeleted(target.id());
        engine.change(by, event, answering(ending(lock, answer)));
    }

    /** The answer, and afterwards the release of the lock. */
    static Consumer<String> ending(NameLock lock, Consumer<String> answer) {
        return error -> {
            answer.accept(error);
            lock.release();
        };
    }

    /** The text of who names a station that is not there. */
    static String unknown(String name) {
        return "Station " + name + " does not exist";
    }

    static ChangeResult answering(Consumer<String> answer) {
        return new ChangeResult() {
            @Override
            public void effective() {
                answer.accept("");
            }

            @Override
            public void failed(StoreException cause) {
                answer.accept(text(ApiError.of(cause)));
            }
        };
    }

    /** A store error as Memphis clients see it. */
    static String text(ApiError error) {
        return error.description("") + " (" + error.errCode() + ")";
    }
}

package org.memphisee.core.stations;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.api.Author;
import org.memphisee.core.api.InternalPublisher;
import org.memphisee.core.control.Claims;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.SystemEvent.RetentionType;
import org.memphisee.core.control.SystemEvent.StationCreated;
import org.memphisee.core.control.SystemEvent.StationUpdated;
import org.memphisee.core.jetstream.ApiError;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.stream.StreamConfig.Durability;

/**
 * Changes of stations that are in use: retention, window of message ids, dead letters, durability, second tier. Clients go on; what a new
 * limit does not allow any more is removed at once. Control loop only; answers are texts, empty for success.
 */
final class StationUpdates {

    /** Longest window, milliseconds; a shorter retention bounds it further. */
    private static final long MAX_WINDOW_MILLIS = 86_400_000;

    private final ControlEngine engine;
    private final Stations stations;
    private final InternalPublisher publisher;

    StationUpdates(ControlEngine engine, Stations stations, InternalPublisher publisher) {
        this.engine = engine;
        this.stations = stations;
        this.publisher = publisher;
    }

    /** Makes the change, and before it the dead-letter station if that is missing. Throws a {@link RequestRefusal} for people. */
    void change(StationChange change, Author by, Consumer<String> answer) {
        StationCreated now = station(change.station()).created();
        String dls = change.dlsStation().orElse("");
        updated(now, change); // what is refused makes no dead-letter station
        if (dls.isEmpty() || Target.find(engine.definitions(), dls).isPresent()) {
            lock(change, by, answer);
        } else {
            stations.create(StationRequest.defaults(dls, engine.defaultReplicas()), by, error -> engine.resume(() -> {
                if (error.isEmpty()) {
                    lock(change, by, answer);
                } else {
                    answer.accept(error);
                }
            }));
        }
    }

    private void lock(StationChange change, Author by, Consumer<String> answer) {
        engine.lock(change.station(), lock -> {
            Consumer<String> ending = Stations.ending(lock, answer);
            try {
                changeLocked(station(change.station()), change, by, ending);
            } catch (RequestRefusal refusal) {
                ending.accept(refusal.getMessage());
            }
        });
    }

    private void changeLocked(StationDefinition station, StationChange change, Author by, Consumer<String> answer) {
        StationCreated before = station.created();
        StationUpdated event = updated(before, change);
        if (!engine.claims().roomForMemory(reserved(station, event.config()), reserved(station, before.config()))) {
            answer.accept(Stations.text(ApiError.INSUFFICIENT_MEMORY));
            return;
        }
        if (same(before, event)) {
            answer.accept("");
            return;
        }
        engine.change(by, event, Stations.answering(error -> {
            if (error.isEmpty() && event.dlsSchemaverse() != before.dlsSchemaverse()) {
                publisher.publish("$memphis_sdk_clients_updates", ("{\"station_name\":\""
                    + StationNames.internal(before.name()) + "\",\"type\":\"schemaverse_to_dls\",\"update\":"
                    + event.dlsSchemaverse() + "}").getBytes(StandardCharsets.UTF_8));
            }
            answer.accept(error);
        }));
    }

    private static long reserved(StationDefinition station, StreamConfig config) {
        long each = Claims.reserves(config);
        int partitions = station.livePartitions().size();
        return each > Long.MAX_VALUE / Math.max(1, partitions) ? Long.MAX_VALUE : each * partitions;
    }

    private static boolean same(StationCreated before, StationUpdated event) {
        return before.retentionType() == event.retentionType() && before.retentionValue() == event.retentionValue()
            && before.idempotencyWindowMillis() == event.idempotencyWindowMillis()
            && before.dlsPoison() == event.dlsPoison() && before.dlsSchemaverse() == event.dlsSchemaverse()
            && before.dlsStation().equals(event.dlsStation()) && before.config().equals(event.config())
            && event.tieredStorage().orElse(before.tieredStorage()) == before.tieredStorage();
    }

    private StationDefinition station(String name) {
        Target target = Target.find(engine.definitions(), name).orElseThrow(() -> StationAdministration.unknown(name));
        return engine.definitions().stationById(target.id()).orElseThrow(() -> new RequestRefusal("Station " + target.name()
            + " is a stream of a plain client, which changes it by an update of the stream"));
    }

    private static StationUpdated updated(StationCreated now, StationChange change) {
        RetentionType type = change.retentionType().filter(text -> !text.isEmpty()).map(StationRequest::retentionType)
            .orElse(now.retentionType());
        long value = retention(now, type, change);
        long window = window(now, type, value, change);
        Durability durability = change.durability().map(StationRequest::durability).orElse(now.config().durability());
        String dls = change.dlsStation().orElse(now.dlsStation());
        if (dls.equals(now.name())) {
            throw new RequestRefusal("A station can not be its own dead-letter station");
        }
        StreamConfig limits = StationLayout.partitions(now.name(), type, value, now.storage(), now.replicas(), window,
            durability);
        return new StationUpdated(now.id(), type, value, window, change.dlsPoison().orElse(now.dlsPoison()),
            change.dlsSchemaverse().orElse(now.dlsSchemaverse()), dls,
            Optional.of(change.tieredStorage().orElse(now.tieredStorage())), now.config().withLimitsOf(limits));
    }

    /** At creation a value of 0 or less means one hour; here it would be a surprise that costs messages. */
    private static long retention(StationCreated now, RetentionType type, StationChange change) {
        if (type == RetentionType.ACK_BASED) {
            return 0;
        }
        if (change.retentionValue().isEmpty() && type == now.retentionType()) {
            return now.retentionValue();
        }
        long value = change.retentionValue().orElse(0L);
        if (value <= 0) {
            throw new RequestRefusal("retention value has to be a positive number");
        }
        return type == RetentionType.MESSAGE_AGE_SEC ? Math.min(value, StationRequest.MAX_RETENTION_SECONDS) : value;
    }

    /** A window that nobody speaks of gets shorter with the retention. */
    private static long window(StationCreated now, RetentionType type, long retention, StationChange change) {
        if (change.windowMillis().isPresent()) {
            return StationRequest.window(change.windowMillis().get(), type, retention);
        }
        return type != RetentionType.MESSAGE_AGE_SEC ? now.idempotencyWindowMillis()
            : Math.min(now.idempotencyWindowMillis(), Math.min(retention, MAX_WINDOW_MILLIS) * 1_000);
    }
}

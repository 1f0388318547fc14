package org.memphisee.dashboard.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.stations.StationRetention;
import org.memphisee.core.stream.StreamConfig;

/**
 * Which stations there are, native ones and plain streams. Copied from the definitions on the control loop, and again
 * only after one of them changed, so that a sample costs the loop nothing. Any thread.
 */
final class StationDirectory {

    /**
     * A station.
     *
     * @param name external name
     * @param nativeStation whether it has numbered partitions
     * @param streams names of its partitions' streams
     * @param retention name of the kind, as the management API has it
     * @param retentionValue its limit: seconds, messages, bytes; 0 without one
     * @param memory whether it is kept in memory only
     * @param createdBy user, empty when unknown
     * @param createdMillis since the epoch
     */
    record Entry(String name, boolean nativeStation, List<String> streams, String retention, long retentionValue,
                 boolean memory, String createdBy, long createdMillis) { }

    private final ControlEngine engine;
    private volatile boolean changed = true;
    private boolean listening; // control loop only
    private volatile List<Entry> entries = List.of();

    StationDirectory(ControlEngine engine) {
        this.engine = engine;
    }

    /** The stations now. */
    CompletableFuture<List<Entry>> current() {
        if (!changed) {
            return CompletableFuture.completedFuture(entries);
        }
        CompletableFuture<List<Entry>> copied = new CompletableFuture<>();
        engine.resume(() -> {
            if (!listening) {
                listening = true;
                engine.listen((index, event) -> changed = changed || concerns(event));
            }
            changed = false;
            entries = copy(engine.definitions());
            copied.complete(entries);
        });
        return copied;
    }

    private static boolean concerns(SystemEvent event) {
        return event instanceof SystemEvent.StationCreated || event instanceof SystemEvent.StationDeleted
            || event instanceof SystemEvent.StreamCreated || event instanceof SystemEvent.StreamUpdated
            || event instanceof SystemEvent.StreamDeleted;
    }

    private static List<Entry> copy(Definitions definitions) {
        List<Entry> found = new ArrayList<>();
        definitions.stations().forEach(station -> found.add(entry(station, definitions)));
        definitions.plainStations().forEach(stream -> found.add(entry(stream)));
        return List.copyOf(found);
    }

    private static Entry entry(StationDefinition station, Definitions definitions) {
        List<String> streams = station.livePartitions().stream()
            .flatMap(id -> definitions.streamById(id).stream()).map(StreamDefinition::name).toList();
        SystemEvent.StationCreated made = station.created();
        StationRetention retention = StationRetention.of(made.retentionType(), made.retentionValue());
        return new Entry(station.name(), true, streams, retention.kind(), retention.value(), made.storage() == StreamConfig.Storage.MEMORY, made.createdBy(),
            TimeUnit.NANOSECONDS.toMillis(made.createdNanos()));
    }

    private static Entry entry(StreamDefinition stream) {
        StreamConfig config = stream.config();
        StationRetention retention = StationRetention.of(config);
        return new Entry(stream.name(), false, List.of(stream.name()), retention.kind(), retention.value(),
            config.storage() == StreamConfig.Storage.MEMORY, stream.createdBy(),
            TimeUnit.NANOSECONDS.toMillis(stream.createdNanos()));
    }
}

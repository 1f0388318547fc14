package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent;

/**
 * Which stations there are, native ones and plain streams. Copied from the definitions on the control loop, and again
 * only after one of them changed, so that who asks every second costs the loop nothing. Any thread.
 */
final class StationDirectory {

    private final ControlEngine engine;
    private volatile boolean changed = true;
    private boolean listening; // control loop only
    private volatile List<StationEntry> entries = List.of();

    StationDirectory(ControlEngine engine) {
        this.engine = engine;
    }

    /** The stations now; completes at once or on the control loop. */
    CompletableFuture<List<StationEntry>> current() {
        if (!changed) {
            return CompletableFuture.completedFuture(entries);
        }
        CompletableFuture<List<StationEntry>> copied = new CompletableFuture<>();
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
        return event instanceof SystemEvent.StationCreated || event instanceof SystemEvent.StationGrown
            || event instanceof SystemEvent.StationUpdated
            || event instanceof SystemEvent.StationDeleted
            || event instanceof SystemEvent.StreamCreated || event instanceof SystemEvent.StreamUpdated
            || event instanceof SystemEvent.StreamDeleted;
    }

    private static List<StationEntry> copy(Definitions definitions) {
        List<StationEntry> found = new ArrayList<>();
        definitions.stations().forEach(station -> found.add(entry(station, definitions)));
        definitions.plainStations().forEach(stream -> found.add(entry(stream)));
        return List.copyOf(found);
    }

    private static StationEntry entry(StationDefinition station, Definitions definitions) {
        List<String> streams = station.livePartitions().stream()
            .flatMap(id -> definitions.streamById(id).stream()).map(StreamDefinition::name).toList();
        SystemEvent.StationCreated made = station.created();
        return new StationEntry(station.name(), true, streams,
            StationRetention.of(made.retentionType(), made.retentionValue()), made.storage(), made.createdBy(),
            made.createdNanos());
    }

    private static StationEntry entry(StreamDefinition stream) {
        return new StationEntry(stream.name(), false, List.of(stream.name()), StationRetention.of(stream.config()),
            stream.config().storage(), stream.createdBy(), stream.createdNanos());
    }
}

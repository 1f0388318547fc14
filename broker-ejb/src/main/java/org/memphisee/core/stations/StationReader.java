package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.ConsumerFigures;
import org.memphisee.core.errand.Errands;
import org.memphisee.core.partition.StreamState;

/**
 * Reads the figures of all stations at once. Figures of streams that are decided about here are there for any thread, those of
 * others are brought together; consumers are asked for on their shards, with one small errand per partition that has some. Any
 * thread.
 */
public final class StationReader {

    /** Figures of other nodes that are so new are not brought again, nanoseconds. */
    private static final long FRESH_NANOS = 500_000_000L;
    /** Partitions whose consumers are asked for at a time. */
    private static final int SLICE = 256;

    private final Errands errands;
    private final StationDirectory directory;

    StationReader(ControlEngine engine) {
        this.errands = engine.errands();
        this.directory = new StationDirectory(engine);
    }

    /** A partition's share of a station. */
    private static final class Part {
        private final AnyPartition partition;
        private final StreamState state;
        private volatile List<ConsumerFigures> consumers = List.of();

        private Part(AnyPartition partition) {
            this.partition = partition;
            this.state = partition.figures().state();
        }

        /** What cannot be read at the moment is left out. */
        private CompletableFuture<Void> read() {
            return new StationConsumers(false, false).of(partition).handle((found, failure) -> {
                consumers = found == null ? List.of() : found.stream().map(StationConsumers.Found::figures).toList();
                return null;
            });
        }
    }

    /** The figures now; completes on a thread of a shard or of the control loop: go on elsewhere. */
    public CompletableFuture<List<StationReading>> read() {
        return directory.current().thenCompose(entries -> {
            List<List<AnyPartition>> stations = entries.stream().map(entry -> errands.partitions(entry.streams())).toList();
            return errands.refresh(stations.stream().flatMap(List::stream).toList(), FRESH_NANOS)
                .thenCompose(fresh -> read(entries, stations));
        });
    }

    private static CompletableFuture<List<StationReading>> read(List<StationEntry> entries, List<List<AnyPartition>> stations) {
        List<List<Part>> parts = stations.stream().map(partitions -> partitions.stream().map(Part::new).toList()).toList();
        List<Part> asked = parts.stream().flatMap(List::stream).filter(part -> part.state.consumerCount() > 0).toList();
        CompletableFuture<Void> done = new CompletableFuture<>();
        slice(asked, 0, done);
        return done.thenApply(read -> {
            List<StationReading> readings = new ArrayList<>(entries.size());
            for (int i = 0; i < entries.size(); i++) {
                readings.add(StationReading.of(entries.get(i), parts.get(i).stream().map(part -> part.state).toList(),
                    parts.get(i).stream().flatMap(part -> part.consumers.stream()).toList()));
            }
            return readings;
        });
    }

    private static void slice(List<Part> asked, int from, CompletableFuture<Void> done) {
        int to = Math.min(asked.size(), from + SLICE);
        CompletableFuture.allOf(asked.subList(from, to).stream().map(Part::read).toArray(CompletableFuture[]::new))
            .thenRun(() -> {
            if (to == asked.size()) {
                done.complete(null);
            } else {
                slice(asked, to, done);
            }
        });
    }
}

package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.ConsumerFigures;
import org.memphisee.core.errand.ReadConsumers;

/** Reads all consumers of partitions, wherever these are, as many with one errand as that takes. Any thread. */
final class StationConsumers {

    /**
     * A consumer.
     *
     * @param stream name of its partition's stream
     * @param figures where it is
     */
    record Found(String stream, ConsumerFigures figures) { }

    private final boolean exactly;
    private final boolean patient;

    /**
     * @param exactly see {@link ReadConsumers#exactly}
     * @param patient whether somebody who decides about a partition is waited for
     */
    StationConsumers(boolean exactly, boolean patient) {
        this.exactly = exactly;
        this.patient = patient;
    }

    /** Those of one partition, by name. */
    CompletableFuture<List<Found>> of(AnyPartition partition) {
        return more(partition, "", new ArrayList<>());
    }

    private CompletableFuture<List<Found>> more(AnyPartition partition, String after, List<Found> all) {
        ReadConsumers errand = new ReadConsumers(exactly, after);
        return (patient ? partition.run(errand) : partition.runNow(errand)).thenCompose(some -> {
            some.forEach(figures -> all.add(new Found(partition.name(), figures)));
            return some.size() < ReadConsumers.MOST ? CompletableFuture.completedFuture(all)
                : more(partition, some.get(some.size() - 1).name(), all);
        });
    }

    /** All of some, when they are there. */
    static <T> CompletableFuture<List<T>> joined(List<CompletableFuture<T>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
    }
}

package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NotedActions;
import org.memphisee.core.control.SystemEvent.ActionTaken;
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.DeleteMessages;
import org.memphisee.core.errand.FindStart;
import org.memphisee.core.errand.PurgeMessages;

/**
 * Removes messages for people: those of whole partitions, or single ones. Consumers and their positions stay. Any thread;
 * answers come on a thread of the broker when the removal is durable, or fail with a {@link RequestRefusal} for people, or an
 * {@link org.memphisee.core.errand.ErrandUnavailable}.
 */
public final class StationRemovals {

    /** Removed messages that an entry of the audit names. */
    private static final int NAMED = 100;

    private final NotedActions notes;
    private final ControlEngine engine;

    StationRemovals(ControlEngine engine) {
        this.engine = engine;
        this.notes = new NotedActions(engine);
    }

    /**
     * A stored message.
     *
     * @param partition number of its partition, -1 in streams of plain clients
     * @param sequence its sequence there
     */
    public record Place(int partition, long sequence) { }

    /**
     * Removes all messages of some partitions.
     *
     * @param by who asks
     * @param partitions their numbers; -1, or none at all, means all
     * @return how many messages were removed
     */
    public CompletableFuture<Long> purge(Author by, StationView station, List<Integer> partitions) {
        boolean all = partitions.isEmpty() || partitions.contains(-1);
        List<AnyPartition> handles = new ArrayList<>();
        try {
            for (int partition : all ? List.of(-1) : partitions) {
                handles.addAll(partitions(station, partition));
            }
            handles.forEach(partition -> require(!partition.config().denyPurge() && !partition.config().sealed(), station));
        } catch (RequestRefusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
        Map<String, AnyPartition> meant = new LinkedHashMap<>();
        handles.forEach(partition -> meant.putIfAbsent(partition.name(), partition));
        Map<String, String> what = Map.of("partitions", all ? "all" : partitions.stream().distinct().map(String::valueOf)
            .collect(Collectors.joining(",")));
        // what comes while the record is written was not meant, and stays
        return RequestRefusal.of(StationConsumers.joined(meant.values().stream().map(partition -> partition.run(
            new FindStart("", FindStart.Where.NEXT, 0)).thenApply(end -> new Purge(partition, end.sequence()))).toList()))
            .thenCompose(purges -> noted(by, station, ActionTaken.MESSAGES_PURGED, what, () -> sum(purges.stream().map(purge ->
                purge.partition().run(new PurgeMessages(purge.below()))))));
    }

    private record Purge(AnyPartition partition, long below) { }

    private static CompletableFuture<Long> sum(Stream<CompletableFuture<Long>> counts) {
        return RequestRefusal.of(StationConsumers.joined(counts.toList())).thenApply(all -> all.stream()
            .mapToLong(Long::longValue).sum());
    }

    /**
     * Removes single messages; one that is not there (any more) does not matter.
     *
     * @param by who asks
     * @return how many were there
     */
    public CompletableFuture<Long> remove(Author by, StationView station, List<Place> places) {
        if (places.isEmpty()) {
            return CompletableFuture.completedFuture(0L);
        }
        String names = places.stream().limit(NAMED).map(place -> place.partition() + ":" + place.sequence())
            .collect(Collectors.joining(","));
        return noted(by, station, ActionTaken.MESSAGE_REMOVED, Map.of("messages", names, "count",
            Integer.toString(places.size())), () -> remove(station, places));
    }

    private CompletableFuture<Long> remove(StationView station, List<Place> places) {
        Map<String, AnyPartition> partitions = new LinkedHashMap<>();
        Map<String, List<Long>> sequences = new HashMap<>();
        try {
            for (Place place : places) {
                AnyPartition partition = partitions(station, place.partition()).get(0);
                require(!partition.config().denyDelete() && !partition.config().sealed(), station);
                partitions.putIfAbsent(partition.name(), partition);
                sequences.computeIfAbsent(partition.name(), name -> new ArrayList<>()).add(place.sequence());
            }
        } catch (RequestRefusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
        return sum(partitions.values().stream()
            .map(partition -> partition.run(new DeleteMessages(sequences.get(partition.name())))));
    }

    private <T> CompletableFuture<T> noted(Author by, StationView station, String action, Map<String, String> details,
                                           Supplier<CompletableFuture<T>> removal) {
        return notes.makingRoom(by, new ActionTaken("station", station.name(), action, details), removal);
    }

    private static void require(boolean allowed, StationView station) {
        if (!allowed) {
            throw new RequestRefusal("Messages of station " + station.name()
                + " can not be removed: its stream does not allow it");
        }
    }

    /** One partition, or all with -1. */
    private List<AnyPartition> partitions(StationView station, int partition) {
        List<AnyPartition> found = engine.errands().partitions(StationQueries.streams(station, partition));
        if (found.isEmpty()) {
            throw new RequestRefusal(noPartition(partition));
        }
        return found;
    }

    /** The text of who names a partition that is not there. */
    public static String noPartition(long number) {
        return "Partition number " + number + " does not exist";
    }
}

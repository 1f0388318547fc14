package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NotedActions;
import org.memphisee.core.control.SystemEvent.ActionTaken;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.PartitionRegistry;

/**
 * Removes messages for people: those of whole partitions, or single ones. Consumers and their positions stay. Any thread;
 * answers come on a shard's thread when the removal is durable, or fail with a {@link RequestRefusal} for people.
 */
public final class StationRemovals {

    /** Removed messages that an entry of the audit names. */
    private static final int NAMED = 100;

    private final NotedActions notes;
    private final ControlEngine engine;
    private final PartitionRegistry registry;

    StationRemovals(ControlEngine engine) {
        this.engine = engine;
        this.notes = new NotedActions(engine);
        this.registry = engine.registry();
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
        List<PartitionHandle> handles = new ArrayList<>();
        try {
            for (int partition : all ? List.of(-1) : partitions) {
                handles.addAll(handles(station, partition));
            }
        } catch (RequestRefusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
        List<PartitionHandle> meant = handles.stream().distinct().toList();
        AtomicLong removed = new AtomicLong();
        // what comes while the record is written was not meant, and stays
        Map<PartitionHandle, Long> next = new ConcurrentHashMap<>();
        return onAll(meant, (handle, partition, done) -> {
            require(!partition.config().denyPurge() && !partition.config().sealed(), station);
            next.put(handle, partition.state().lastSeq() + 1);
            done.complete(null);
        }).thenCompose(seen -> noted(by, station, ActionTaken.MESSAGES_PURGED, Map.of("partitions", all ? "all" : partitions.stream().distinct()
            .map(String::valueOf).collect(Collectors.joining(","))), () -> onAll(meant, (handle, partition, done) ->
            partition.purge("", next.get(handle), 0, count -> {
                removed.addAndGet(count);
                done.complete(null);
            }, why -> done.completeExceptionally(new RequestRefusal(why)))))).thenApply(done -> removed.get());
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
        List<CompletableFuture<Void>> all = new ArrayList<>(places.size());
        AtomicLong removed = new AtomicLong();
        try {
            for (Place place : places) {
                PartitionHandle handle = handles(station, place.partition()).get(0);
                all.add(onAll(List.of(handle), (one, partition, done) -> {
                    require(!partition.config().denyDelete() && !partition.config().sealed(), station);
                    partition.deleteMessage(place.sequence(), found -> {
                        removed.addAndGet(found ? 1 : 0);
                        done.complete(null);
                    }, why -> done.completeExceptionally(new RequestRefusal(why)));
                }));
            }
        } catch (RequestRefusal refusal) {
            all.add(CompletableFuture.failedFuture(refusal));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> removed.get());
    }

    private <T> CompletableFuture<T> noted(Author by, StationView station, String action, Map<String, String> details,
                                           Supplier<CompletableFuture<T>> removal) {
        return notes.makingRoom(by, new ActionTaken("station", station.name(), action, details), removal);
    }

    private static void require(boolean allowed, StationView station) {
        if (!allowed) {
            throw new RequestRefusal("Messages of station " + station.name() + " can not be removed: its stream does not allow it");
        }
    }

    /** Of one partition, or of all with -1. */
    private List<PartitionHandle> handles(StationView station, int partition) {
        List<String> streams = StationQueries.streams(station, partition);
        List<PartitionHandle> handles = streams.stream().flatMap(stream -> registry.byName(stream).stream()).toList();
        boolean elsewhere = handles.stream().anyMatch(handle -> !engine.view().here(handle.id()))
            || handles.size() < streams.size() && !engine.view().self().isEmpty();
        if (elsewhere) {
            throw new RequestRefusal("Messages of station " + station.name() + " are removed at the node that leads its partitions, "
                + "which the station's overview names: ask there");
        }
        if (handles.isEmpty()) {
            throw new RequestRefusal(noPartition(partition));
        }
        return handles;
    }

    /** The text of who names a partition that is not there. */
    public static String noPartition(long number) {
        return "Partition number " + number + " does not exist";
    }

    /** Done on the partition's shard. */
    private interface Work {
        void on(PartitionHandle handle, PartitionOperations partition, CompletableFuture<Void> done);
    }

    private static CompletableFuture<Void> onAll(List<PartitionHandle> handles, Work work) {
        return CompletableFuture.allOf(handles.stream().map(handle -> {
            CompletableFuture<Void> done = new CompletableFuture<>();
            handle.run(partition -> {
                try {
                    if (partition.state().offline()) {
                        throw new RequestRefusal(handle.fault());
                    }
                    work.on(handle, partition, done);
                } catch (RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
            return done;
        }).toArray(CompletableFuture[]::new));
    }
}

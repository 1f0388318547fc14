package org.memphisee.core.client;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.memphisee.core.control.StationLayout;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.partition.PartitionDefiner;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionRegistry;

/** A registered consumer of a group. Any thread. */
final class LocalGroup {

    private final LocalLoop loop;
    private final PartitionRegistry partitions;
    private final DeadLetters letters;
    private final String station;
    private final List<String> streams;
    private final String consumer;
    private final ByteBudget budget;
    private final AtomicInteger first = new AtomicInteger();

    /**
     * A consumer of a group that was registered.
     *
     * @param station external name
     * @param group external name
     */
    LocalGroup(LocalParts parts, String station, StationRoute route, String group) {
        this.loop = parts.loop();
        this.partitions = parts.partitions();
        this.letters = parts.letters();
        this.station = station;
        this.streams = route.streams();
        this.consumer = StationLayout.internalName(group);
        this.budget = parts.fetchBudget();
    }

    /**
     * Fetches; fails with {@link Fetch.Gone} when the group was removed, and with a {@link LocalRefusal} when no partition
     * can be read.
     */
    CompletableFuture<Fetched> fetch(FetchSize size) {
        CompletableFuture<Fetched> result = new CompletableFuture<>();
        if (budget.exhausted()) {
            result.completeExceptionally(
                new LocalRefusal(LocalRefusal.Kind.BUSY, "too many messages wait to be sent, try again"));
            return result;
        }
        List<PartitionHandle> here = streams.stream().flatMap(stream -> partitions.byName(stream).stream()).toList();
        Optional<PartitionHandle> readable = here.stream().filter(handle -> !handle.state().offline()).findFirst();
        if (readable.isEmpty() && here.size() == streams.size()) {
            result.completeExceptionally(new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, here.get(0).fault()));
            return result;
        }
        Optional<PartitionDefiner> partition = readable.map(handle -> Stream.of(handle.name())).orElseGet(streams::stream)
            .flatMap(stream -> partitions.definer(stream).stream()).findFirst();
        if (partition.isEmpty()) {
            result.completeExceptionally(new Fetch.Gone());
            return result;
        }
        Fetch fetch = new Fetch(loop, streams, consumer, size, first.getAndIncrement(), budget,
            this::again, result);
        // pull requests to consumers that do not exist are not answered: ask before, or whoever decides about it is silent
        partition.get().define(defined -> {
            boolean known = defined.operations().map(operations -> operations.consumerInfo(consumer).isPresent()).orElse(true);
            loop.execute(() -> {
                if (known) {
                    fetch.start();
                } else {
                    result.completeExceptionally(new Fetch.Gone());
                }
            });
        });
        return result;
    }

    /** Messages of dead letters that the group is to have again. */
    private CompletableFuture<List<LocalDelivery>> again(int messages, long bytes) {
        return letters.take(station, streams, consumer, messages, bytes).thenApply(taken -> taken.stream().map(r ->
            new LocalDelivery(r.subject(), r.headers(), r.payload(), new LetterAcks(r.id(), consumer).subject())).toList());
    }
}

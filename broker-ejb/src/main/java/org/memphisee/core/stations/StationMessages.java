package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.memphisee.core.control.StationLayout;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.PartitionRegistry;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.StoredMessage;
import org.memphisee.core.tier.TierReader;

/**
 * Stored messages for people, read from the store: no consumer is made and no position moves. A request reads a bounded
 * number of bytes, and gives its shard back to others every few messages. Any thread; answers come on a shard's thread.
 */
public final class StationMessages {

    /** Bytes that one request reads at most, of all partitions; one message may be more than its partition's share. */
    private static final long MAX_BYTES = 16L << 20;
    private static final long MIN_PARTITION_BYTES = 64L << 10;
    /** Partitions looked at, those written to last. */
    private static final int MAX_PARTITIONS = 64;
    /** Messages read in one go. */
    private static final int SLICE = 50;
    /** Missing sequences passed over for each message wanted. */
    private static final int GAPS_PER_MESSAGE = 20;

    private final PartitionRegistry registry;
    private volatile TierReader tier = TierReader.NONE;

    StationMessages(PartitionRegistry registry) {
        this.registry = registry;
    }

    /** What has left a tiered station is looked for there. Before clients are served. */
    public void readBack(TierReader from) {
        tier = from;
    }

    /**
     * Messages that were looked for.
     *
     * @param rows what was found, oldest first
     * @param problems what could not be read, with what helps; empty when nothing is missing
     */
    public record Newest(List<StationMessage> rows, List<String> problems) {
        public Newest {
            rows = List.copyOf(rows);
            problems = List.copyOf(problems);
        }
    }

    /**
     * The newest messages, and what is known to be missing among them.
     *
     * @param station the station
     * @param partition number of the only partition to look at, -1 for all
     * @param limit messages at most
     */
    public CompletableFuture<Newest> newest(StationView station, int partition, int limit) {
        List<PartitionHandle> handles = StationQueries.streams(station, partition).stream()
            .flatMap(stream -> registry.byName(stream).stream())
            .sorted(Comparator.comparingLong((PartitionHandle h) -> h.state().lastTimeNanos()).reversed())
            .limit(MAX_PARTITIONS).toList();
        long share = Math.max(MIN_PARTITION_BYTES, MAX_BYTES / Math.max(1, handles.size()));
        List<Backwards> reading = new ArrayList<>();
        for (PartitionHandle handle : handles) {
            reading.add(new Backwards(handle, number(station, handle.name()), limit, share));
        }
        return CompletableFuture.allOf(reading.stream().map(Backwards::start).toArray(CompletableFuture[]::new)).thenApply(d -> {
            List<StationMessage> all = new ArrayList<>();
            reading.forEach(one -> all.addAll(one.rows));
            all.sort(Comparator.comparingLong(StationMessage::timestampNanos)
                .thenComparingInt(StationMessage::partition).thenComparingLong(StationMessage::sequence));
            return new Newest(all.subList(Math.max(0, all.size() - limit), all.size()),
                reading.stream().flatMap(one -> one.problems.stream()).toList());
        });
    }

    /** One message, of a tiered station also one that has left it; empty when it is not there (any more). Fails with a {@link RequestRefusal} that says why it cannot be read. */
    public CompletableFuture<Optional<StationMessage>> message(StationView station, int partition, long sequence) {
        CompletableFuture<Optional<StationMessage>> result = new CompletableFuture<>();
        Optional<PartitionHandle> handle = StationQueries.streams(station, partition).stream().findFirst()
            .flatMap(registry::byName);
        if (handle.isEmpty() || sequence < 1) {
            result.complete(Optional.empty());
        } else {
            int number = number(station, handle.get().name());
            handle.get().run(p -> p.message(sequence, read -> {
                if (read.problem().isEmpty() && read.found().isEmpty() && station.tieredStorage()
                    && sequence <= p.state().lastSeq()) {
                    readBack(handle.get(), number, sequence, result);
                } else if (read.problem().isEmpty()) {
                    result.complete(read.found().map(message -> seen(number, message)));
                } else {
                    result.completeExceptionally(new RequestRefusal(read.problem()));
                }
            }));
        }
        return result;
    }

    private void readBack(PartitionHandle handle, int number, long sequence, CompletableFuture<Optional<StationMessage>> result) {
        tier.read(handle.name(), handle.createdNanos(), sequence).whenComplete((found, failure) -> {
            if (failure == null) {
                result.complete(found.map(m -> new StationMessage(number, m.sequence(), m.timestampNanos(), m.header(), m.payload())));
            } else {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                result.completeExceptionally(cause instanceof TierReader.TierFailure ? new RequestRefusal(cause.getMessage()) : cause);
            }
        });
    }

    private static StationMessage seen(int partition, StoredMessage m) {
        return new StationMessage(partition, m.sequence(), m.timestampNanos(), m.header(), m.payload());
    }

    private static int number(StationView station, String stream) {
        return station.nativeStation()
            ? Integer.parseInt(stream.substring(StationLayout.internalName(station.name()).length() + 1)) : 0;
    }

    /** Reads one partition from its end towards its beginning, on its shard. */
    private static final class Backwards {
        private final PartitionHandle handle;
        private final int number;
        private final int limit;
        private final long byteLimit;
        private final List<StationMessage> rows = new ArrayList<>();
        /** Each said once, however many messages it hides. */
        private final Set<String> problems = new LinkedHashSet<>();
        private final CompletableFuture<Void> result = new CompletableFuture<>();
        private long next = -1;
        private long bytes;
        private long tries;
        private boolean looping;
        private boolean answered;

        private Backwards(PartitionHandle handle, int number, int limit, long byteLimit) {
            this.handle = handle;
            this.number = number;
            this.limit = limit;
            this.byteLimit = byteLimit;
        }

        CompletableFuture<Void> start() {
            handle.run(this::slice);
            return result;
        }

        private void slice(PartitionOperations partition) {
            if (partition.state().offline()) {
                problems.add(handle.fault());
                result.complete(null);
                return;
            }
            if (next < 0) {
                next = partition.state().lastSeq();
            }
            looping = true;
            for (int i = 0; i < SLICE; i++) {
                if (finished(partition)) {
                    result.complete(null);
                    return;
                }
                answered = false;
                partition.message(next--, this::take);
                if (!answered) { // a record is being loaded; its answer goes on
                    looping = false;
                    return;
                }
            }
            handle.run(this::slice);
        }

        private boolean finished(PartitionOperations partition) {
            return rows.size() >= limit || bytes >= byteLimit || next < Math.max(1, partition.state().firstSeq())
                || ++tries > (long) limit * GAPS_PER_MESSAGE;
        }

        private void take(MessageRead read) {
            answered = true;
            if (!read.problem().isEmpty()) {
                problems.add(read.problem());
            }
            read.found().ifPresent(m -> {
                rows.add(seen(number, m));
                bytes += m.header().length + m.payload().length;
            });
            if (!looping) {
                handle.run(this::slice);
            }
        }
    }
}

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
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.ErrandUnavailable;
import org.memphisee.core.errand.Errands;
import org.memphisee.core.errand.ReadBackwards;
import org.memphisee.core.errand.ReadMessage;
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
    /** Missing sequences passed over for each message wanted. */
    private static final int GAPS_PER_MESSAGE = 20;

    private final Errands errands;
    private volatile TierReader tier = TierReader.NONE;

    StationMessages(Errands errands) {
        this.errands = errands;
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
        List<AnyPartition> all = errands.partitions(StationQueries.streams(station, partition));
        return errands.refresh(all, 0).thenCompose(fresh -> {
            List<AnyPartition> newest = all.stream()
                .sorted(Comparator.comparingLong((AnyPartition p) -> p.figures().state().lastTimeNanos()).reversed())
                .limit(MAX_PARTITIONS).toList();
            long share = Math.max(MIN_PARTITION_BYTES, MAX_BYTES / Math.max(1, newest.size()));
            List<Backwards> reading = newest.stream().map(p -> new Backwards(p, number(station, p.name()), limit, share)).toList();
            return CompletableFuture.allOf(reading.stream().map(Backwards::read).toArray(CompletableFuture[]::new))
                .thenApply(read -> newest(reading, limit));
        });
    }

    private static Newest newest(List<Backwards> reading, int limit) {
        List<StationMessage> all = new ArrayList<>();
        reading.forEach(one -> all.addAll(one.rows));
        all.sort(Comparator.comparingLong(StationMessage::timestampNanos)
            .thenComparingInt(StationMessage::partition).thenComparingLong(StationMessage::sequence));
        return new Newest(all.subList(Math.max(0, all.size() - limit), all.size()),
            reading.stream().flatMap(one -> one.problems.stream()).distinct().toList());
    }

    /** One message, of a tiered station also one that has left it; empty when it is not there (any more). Fails with a {@link RequestRefusal} that says why it cannot be read. */
    public CompletableFuture<Optional<StationMessage>> message(StationView station, int partition, long sequence) {
        Optional<AnyPartition> found = StationQueries.streams(station, partition).stream().findFirst().flatMap(errands::partition);
        if (found.isEmpty() || sequence < 1) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        AnyPartition of = found.get();
        int number = number(station, of.name());
        return RequestRefusal.of(of.run(new ReadMessage(sequence))).thenCompose(read -> {
            boolean left = read.message().isEmpty() && station.tieredStorage() && sequence <= read.lastSequence();
            return left ? readBack(of, number, sequence)
                : CompletableFuture.completedFuture(read.message().map(message -> seen(number, message)));
        });
    }

    private CompletableFuture<Optional<StationMessage>> readBack(AnyPartition of, int number, long sequence) {
        return tier.read(of.name(), of.createdNanos(), sequence).handle((found, failure) -> {
            if (failure == null) {
                return found.map(m -> new StationMessage(number, m.sequence(), m.timestampNanos(), m.header(), m.payload()));
            }
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            throw cause instanceof TierReader.TierFailure ? new RequestRefusal(cause.getMessage()) : new CompletionException(cause);
        });
    }

    private static StationMessage seen(int partition, StoredMessage m) {
        return new StationMessage(partition, m.sequence(), m.timestampNanos(), m.header(), m.payload());
    }

    private static int number(StationView station, String stream) {
        return station.nativeStation()
            ? Integer.parseInt(stream.substring(StationLayout.internalName(station.name()).length() + 1)) : 0;
    }

    /** Reads one partition from its end towards its beginning, some messages at a time. */
    private static final class Backwards {
        private final AnyPartition partition;
        private final int number;
        private final int limit;
        private final long byteLimit;
        private final List<StationMessage> rows = new ArrayList<>();
        /** Each said once, however many messages it hides. */
        private final Set<String> problems = new LinkedHashSet<>();
        private long bytes;
        private long looked;

        private Backwards(AnyPartition partition, int number, int limit, long byteLimit) {
            this.partition = partition;
            this.number = number;
            this.limit = limit;
            this.byteLimit = byteLimit;
        }

        /** Does not fail: what cannot be read is a problem. */
        CompletableFuture<Void> read() {
            return some(0).exceptionallyCompose(failure -> {
                Optional<ErrandUnavailable> known = ErrandUnavailable.in(failure);
                known.ifPresent(why -> problems.add(why.getMessage()));
                return known.isPresent() ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(failure);
            });
        }

        private CompletableFuture<Void> some(long from) {
            return partition.runNow(new ReadBackwards(from, limit - rows.size())).thenCompose(read -> {
                problems.addAll(read.problems());
                for (StoredMessage m : read.messages()) {
                    if (bytes < byteLimit) {
                        rows.add(seen(number, m));
                        bytes += m.header().length + m.payload().length;
                    }
                }
                looked += read.looked();
                boolean enough = read.next() == 0 || rows.size() >= limit || bytes >= byteLimit
                    || looked > (long) limit * GAPS_PER_MESSAGE;
                return enough ? CompletableFuture.completedFuture(null) : some(read.next());
            });
        }
    }
}

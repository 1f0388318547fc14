package org.memphisee.core.observe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.memphisee.core.api.SubscriptionFigures;
import org.memphisee.core.api.TableFigures;
import org.memphisee.core.partition.Partition;
import org.memphisee.core.routing.Router;

/** What monitors may ask of a running broker. Thread-safe; waits only as {@link #streams} says. */
public final class BrokerObserver {

    private static final long LIMIT_MILLIS = 2_000;
    private static final StreamSnapshot NONE = new StreamSnapshot(Long.MIN_VALUE, List.of());

    private final Router router;
    private final Supplier<Collection<Partition>> partitions;
    private final LongSupplier subscriptions;
    private StreamSnapshot last = NONE;

    /**
     * @param router its subscriptions
     * @param partitions gives its streams, as they are now
     * @param subscriptions counts subscriptions of clients
     */
    public BrokerObserver(Router router, Supplier<Collection<Partition>> partitions, LongSupplier subscriptions) {
        this.router = router;
        this.partitions = partitions;
        this.subscriptions = subscriptions;
    }

    /**
     * All streams with their consumers. Everybody who asks at the same time shares one walk. Waits at most two seconds; of
     * a shard that does not answer until then the figures are those of before.
     *
     * @param maxAgeMillis how old the answer may be, 0 for as new as everything that happened before the call
     */
    public StreamSnapshot streams(long maxAgeMillis) {
        long asked = System.nanoTime();
        synchronized (this) {
            if (last != NONE && last.takenNanos() - asked >= -maxAgeMillis * 1_000_000 && fits(last)) {
                return last;
            }
            last = take(last);
            return last;
        }
    }

    /** Streams that are there. */
    public int streamCount() {
        return partitions.get().size();
    }

    /** Dead letters of messages that violate a schema, or of those that groups gave up. A moment old. */
    public long deadLetters(boolean schema) {
        return partitions.get().stream().map(Partition::deadLetters).mapToLong(d -> schema ? d.schema() : d.unacked()).sum();
    }

    /**
     * Dead letters of one stream.
     *
     * @param stream its name
     * @param poison letters of messages that groups gave up
     * @param schema letters of messages that violate a schema
     */
    public record Letters(String stream, long poison, long schema) { }

    /** Dead letters of the streams that have some. A moment old. */
    public List<Letters> deadLetters() {
        return partitions.get().stream().filter(p -> p.deadLetters().letters() > 0)
            .map(p -> new Letters(p.name(), p.deadLetters().unacked(), p.deadLetters().schema())).toList();
    }

    /** A number that changes whenever a stream or consumer comes or goes. Cheap. */
    public long generation() {
        long sum = 0;
        for (Partition p : partitions.get()) {
            sum += p.id() * 0x9E3779B97F4A7C15L + p.consumerChanges();
        }
        return sum;
    }

    /** A removed stream is not shown any more, a new one at once. */
    private boolean fits(StreamSnapshot snapshot) {
        return snapshot.streams().size() == partitions.get().size();
    }

    private StreamSnapshot take(StreamSnapshot before) {
        long begun = System.nanoTime();
        Collection<Partition> all = List.copyOf(partitions.get());
        Map<Long, StreamFigures> now = new StreamWalk().run(all, LIMIT_MILLIS);
        Map<Long, StreamFigures> old = new HashMap<>();
        before.streams().forEach(s -> old.put(s.id(), s));
        List<StreamFigures> streams = new ArrayList<>(all.size());
        for (Partition p : all) {
            StreamFigures figures = now.getOrDefault(p.id(), old.get(p.id()));
            streams.add(figures != null ? figures
                : new StreamFigures(p.id(), p.config(), p.createdNanos(), p.state(), List.of()));
        }
        streams.sort(Comparator.comparing(StreamFigures::name));
        return new StreamSnapshot(begun, streams);
    }

    /** Subscriptions of all clients. */
    public long subscriptionCount() {
        return subscriptions.getAsLong();
    }

    /** All subscriptions of clients, in no particular order. */
    public List<SubscriptionFigures> subscriptions() {
        return router.table().subscriptions();
    }

    /** Subscriptions of clients that a literal subject reaches. */
    public List<SubscriptionFigures> subscriptions(String literalSubject) {
        return router.table().subscriptions(literalSubject);
    }

    /** Work of the table of subscriptions. */
    public TableFigures table() {
        return router.table().work();
    }
}

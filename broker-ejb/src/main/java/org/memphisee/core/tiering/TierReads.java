package org.memphisee.core.tiering;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

import org.memphisee.core.tier.TierReader;
import org.memphisee.core.tier.TieredMessage;
import org.memphisee.core.tiering.ObjectStore.Bucket;
import org.memphisee.core.tiering.ObjectStore.Outcome;

/**
 * Reads single messages back: one question for names, one object. Two at a time, so that their memory has a bound; some more wait. Any thread.
 */
final class TierReads implements TierReader {

    static final int AT_ONCE = 2;
    /** Reads that wait for one of those: a client that reads on one by one never has more than one. */
    static final int MOST_WAITING = 64;
    /** An object that was begun again after a crash may lie inside of the one before; more of them are not looked at. */
    private static final int MOST_NAMES = 100;

    private final ObjectStore store;
    private final Supplier<Optional<Bucket>> bucket;
    private final int limit;
    private final LongPredicate tiered;
    /** Reads that wait for their turn, and how many are under way; both under this object's monitor. */
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int reading;

    /**
     * @param limit the largest object that is read, in bytes
     * @param tiered whether what leaves a partition comes into the bucket
     */
    TierReads(ObjectStore store, Supplier<Optional<Bucket>> bucket, int limit, LongPredicate tiered) {
        this.store = store;
        this.tiered = tiered;
        this.bucket = bucket;
        this.limit = limit;
    }

    @Override
    public boolean has(long partition) {
        return tiered.test(partition);
    }

    @Override
    public CompletableFuture<Optional<TieredMessage>> read(String stream, long createdNanos, long sequence) {
        Optional<Bucket> from = bucket.get();
        if (from.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletableFuture<Optional<TieredMessage>> result = new CompletableFuture<>();
        Runnable work = () -> read(from.get(), stream, createdNanos, sequence).whenComplete((found, failure) -> {
            ended();
            if (failure == null) {
                result.complete(found);
            } else {
                result.completeExceptionally(failure);
            }
        });
        synchronized (this) {
            if (reading == AT_ONCE) {
                if (waiting.size() >= MOST_WAITING) {
                    return CompletableFuture.failedFuture(
                        new TierFailure("The tiered storage is being read by others, try again in a moment"));
                }
                waiting.add(work);
                return result;
            }
            reading++;
        }
        work.run();
        return result;
    }

    private void ended() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                reading--;
            }
        }
        if (next != null) {
            next.run();
        }
    }

    private CompletableFuture<Optional<TieredMessage>> read(Bucket from, String stream, long createdNanos, long sequence) {
        return store.list(from, TierObject.prefix(stream, createdNanos), TierObject.before(stream, createdNanos, sequence),
            MOST_NAMES)
            .thenCompose(listing -> {
                require(listing.answer());
                List<String> keys = listing.keys().stream().filter(key -> TierObject.spans(key, sequence)).toList();
                return first(from, keys, 0, sequence);
            });
    }

    /** A message may miss in an object that spans it, because people deleted it before; another object may be older. */
    private CompletableFuture<Optional<TieredMessage>> first(Bucket from, List<String> keys, int index, long sequence) {
        if (index == keys.size()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return store.get(from, keys.get(index), limit).thenCompose(read -> {
            if (read.answer().outcome() != Outcome.NO_OBJECT) {
                require(read.answer());
                try {
                    Optional<TieredMessage> found = TierObject.find(read.content(), sequence);
                    if (found.isPresent()) {
                        return CompletableFuture.completedFuture(found);
                    }
                } catch (IOException e) {
                    throw new TierFailure("The object " + keys.get(index) + " in the tiered storage cannot be read: "
                        + e.getMessage());
                }
            }
            return first(from, keys, index + 1, sequence);
        });
    }

    private static void require(ObjectStore.Answer answer) {
        if (answer.outcome() != Outcome.DONE) {
            throw new TierFailure("The tiered storage cannot be read: " + answer.reason());
        }
    }
}

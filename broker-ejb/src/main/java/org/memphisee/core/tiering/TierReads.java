package org.memphisee.core.tiering;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import org.memphisee.core.tier.TierReader;
import org.memphisee.core.tier.TieredMessage;
import org.memphisee.core.tiering.ObjectStore.Bucket;
import org.memphisee.core.tiering.ObjectStore.Outcome;

/**
 * Reads single messages back: one question for names, one object. Two at a time, so that their memory has a bound. Any thread.
 */
final class TierReads implements TierReader {

    static final int AT_ONCE = 2;
    /** An object that was begun again after a crash may lie inside of the one before; more of them are not looked at. */
    private static final int MOST_NAMES = 100;

    private final ObjectStore store;
    private final Supplier<Optional<Bucket>> bucket;
    private final int limit;
    private final Semaphore free = new Semaphore(AT_ONCE);

    /** {@code limit} is the largest object that is read, in bytes. */
    TierReads(ObjectStore store, Supplier<Optional<Bucket>> bucket, int limit) {
        this.store = store;
        this.bucket = bucket;
        this.limit = limit;
    }

    @Override
    public CompletableFuture<Optional<TieredMessage>> read(String stream, long createdNanos, long sequence) {
        Optional<Bucket> from = bucket.get();
        if (from.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        if (!free.tryAcquire()) {
            return CompletableFuture.failedFuture(new TierFailure("The tiered storage is being read by others, try again in a moment"));
        }
        return store.list(from.get(), TierObject.prefix(stream, createdNanos), TierObject.before(stream, createdNanos, sequence),
            MOST_NAMES)
            .thenCompose(listing -> {
                require(listing.answer());
                List<String> keys = listing.keys().stream().filter(key -> TierObject.spans(key, sequence)).toList();
                return first(from.get(), keys, 0, sequence);
            }).whenComplete((found, failure) -> free.release());
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

package org.memphisee.core.tier;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads from the second tier what has left its partition. Any thread. */
public interface TierReader {

    /** There is none. */
    TierReader NONE = (stream, createdNanos, sequence) -> CompletableFuture.completedFuture(Optional.empty());

    /**
     * Reads one message.
     *
     * @param stream name of the partition's stream
     * @param createdNanos when it was created, nanoseconds since the epoch
     * @param sequence number of the message
     * @return empty when it is not there; fails with a {@link TierFailure} that says why nobody knows
     */
    CompletableFuture<Optional<TieredMessage>> read(String stream, long createdNanos, long sequence);

    /**
     * Whether messages that leave the partition are there: only then it is asked for them. Any thread; does not wait.
     *
     * @param partition number of the partition
     */
    default boolean has(long partition) {
        return false;
    }

    /** The second tier cannot be read now; the message is for people. */
    final class TierFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Why. */
        public TierFailure(String text) {
            super(text, null, false, false);
        }
    }
}

package org.memphisee.core.control;

import org.memphisee.core.consumer.ConsumerConfig;

/**
 * A consumer as defined.
 *
 * @param partitionId its partition
 * @param consumerId its number
 * @param config its configuration
 * @param createdNanos when it was created, nanoseconds since the epoch
 * @param startSequence first stream sequence to look at
 * @param logged whether the log knows it; others live in memory until the next start
 */
public record ConsumerDefinition(long partitionId, long consumerId, ConsumerConfig config, long createdNanos,
                                 long startSequence, boolean logged) {

    /** Its name. */
    public String name() {
        return config.name();
    }

    ConsumerDefinition with(ConsumerConfig changed) {
        return new ConsumerDefinition(partitionId, consumerId, changed, createdNanos, startSequence, logged);
    }
}

package org.memphisee.core.partition;

import java.util.Optional;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.letters.RetryPolicy;

/**
 * What definitions say of a partition, wherever it is decided about: here it is so at once, in a replication group from the moment
 * on at which this node decides, and elsewhere nothing comes of it here. On the partition's shard; where there is none, on the
 * caller's thread.
 */
public interface PartitionDefining {

    /** All consumers that it had are added: it begins to serve. */
    void opened();

    /**
     * Adds a consumer that the control plane has defined, or restores it from its stored cursor.
     *
     * @param done told when it is there, or cannot be because nothing is known of the partition any more, or is not to be here now
     */
    void addConsumer(long id, ConsumerConfig config, long createdNanos, long startSequence, Runnable done);

    /** Changes a consumer's configuration. */
    void updateConsumer(String name, ConsumerConfig config);

    /** Removes a consumer and its cursor. */
    void removeConsumer(String name);

    /**
     * Says whether what a consumer gives up becomes a dead letter, for one that is here or comes; at first it does not. What it has given
     * up and holds still becomes one too.
     */
    void deadLetters(String consumer, boolean kept);

    /** Whether dead letters to come wait for a copy in a dead-letter station. */
    void copyDeadLetters(boolean wanted);

    /** Whether messages that do not fit their schema become dead letters from now on; at first they do not. */
    void keepSchemaFailures(boolean kept);

    /** When dead letters are given to their groups again by themselves; at first they are not. */
    void retryDeadLetters(RetryPolicy policy);

    /** What may be asked of the partition; empty when another node decides about it, or none does. */
    Optional<PartitionOperations> operations();
}

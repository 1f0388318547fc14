package org.memphisee.core.partition;

import java.util.Optional;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.letters.RetryPolicy;

/** What becomes here of definitions of a partition that is at other nodes: nothing. */
enum ElsewhereDefining implements PartitionDefining {
    INSTANCE;

    @Override
    public void opened() { }

    @Override
    public void addConsumer(long id, ConsumerConfig config, long createdNanos, long startSequence, Runnable done) {
        done.run();
    }

    @Override
    public void updateConsumer(String name, ConsumerConfig config) { }

    @Override
    public void removeConsumer(String name) { }

    @Override
    public void deadLetters(String consumer, boolean kept) { }

    @Override
    public void copyDeadLetters(boolean wanted) { }

    @Override
    public void keepSchemaFailures(boolean kept) { }

    @Override
    public void retryDeadLetters(RetryPolicy policy) { }

    @Override
    public Optional<PartitionOperations> operations() {
        return Optional.empty();
    }
}

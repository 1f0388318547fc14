package org.memphisee.core.partition;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.append.Shard;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.partition.letters.LetterFigures;
import org.memphisee.core.partition.publish.EarlyPublishes;
import org.memphisee.core.stream.StreamConfig;

/**
 * A partition of a replication group on this node: what is defined of it, and the object that has it now, which is another one
 * after each leadership. Shard's thread, but for what {@link PartitionHandle} says.
 */
final class GroupedPartition implements PartitionHandle, PartitionDefining, PartitionDefiner {

    final EarlyPublishes early;
    /** Of the station that shares message ids, 0 for none. */
    long station;
    private final long id;
    private final long createdNanos;
    private final Shard shard;
    private final Map<String, ConsumerDefinition> consumers = new LinkedHashMap<>();
    private final Map<String, Boolean> letters = new LinkedHashMap<>();
    private volatile StreamConfig config;
    private volatile Partition partition;
    /** What the object was made with. */
    private StreamConfig madeWith;
    private volatile boolean leading;
    private boolean copies;
    private boolean failures;
    private RetryPolicy retry;

    GroupedPartition(long id, long station, long createdNanos, StreamConfig config, Shard shard) {
        this.id = id;
        this.station = station;
        this.createdNanos = createdNanos;
        this.config = config;
        this.shard = shard;
        this.early = new EarlyPublishes(shard);
    }

    // ---- any thread

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public StreamConfig config() {
        return config;
    }

    @Override
    public long createdNanos() {
        return createdNanos;
    }

    @Override
    public StreamState state() {
        Partition now = partition;
        return now == null ? StreamState.EMPTY : now.state();
    }

    @Override
    public String fault() {
        Partition now = partition;
        return now == null ? "" : now.fault();
    }

    @Override
    public LetterFigures deadLetters() {
        Partition now = partition;
        return now == null ? LetterFigures.NONE : now.deadLetters();
    }

    @Override
    public boolean decidedHere() {
        return leading;
    }

    @Override
    public void run(Consumer<PartitionOperations> operation) {
        shard.execute(() -> {
            partition.enter();
            operation.accept(partition.operations());
        });
    }

    @Override
    public void define(Consumer<PartitionDefining> how) {
        shard.execute(() -> {
            partition.enter();
            how.accept(this);
        });
    }

    /** The object that has it now, null before the first. */
    Partition partition() {
        return partition;
    }

    // ---- which object has it

    /** As it is stored: what a group decides is, also when it is said to be in memory. */
    static StreamConfig stored(StreamConfig config) {
        return config.storage() == StreamConfig.Storage.FILE ? config : config.withStorage(StreamConfig.Storage.FILE);
    }

    /** Another object has it from now on. */
    void is(Partition object) {
        partition = object;
        madeWith = config;
    }

    /** Whether the object was made with another configuration. */
    boolean outdated() {
        return !madeWith.equals(config);
    }

    /** It is decided here from now on, with everything that is defined of it. */
    void lead() {
        leading = true;
        partition.run(operations -> {
            if (retry != null) {
                operations.retryDeadLetters(retry);
            }
            operations.copyDeadLetters(copies);
            operations.keepSchemaFailures(failures);
            letters.forEach(operations::deadLetters);
        });
        consumers.values().forEach(consumer -> partition.run(operations -> operations.addConsumer(consumer.id(),
            consumer.config(), consumer.createdNanos(), consumer.startSequence(), () -> { })));
        partition.run(PartitionOperations::opened); // behind what the consumers asked for
    }

    /** It is decided here no longer. */
    void cease() {
        leading = false;
    }

    /** It has another configuration; what was before. */
    StreamConfig configure(StreamConfig next) {
        StreamConfig before = config;
        config = next;
        if (leading) {
            partition.enter();
            partition.configure(stored(next));
            madeWith = next;
        }
        return before;
    }

    // ---- what is defined

    /** A consumer that is to be there whenever it is decided here. */
    void define(ConsumerDefinition consumer) {
        addConsumer(consumer.id(), consumer.config(), consumer.createdNanos(), consumer.startSequence(), () -> { });
    }

    @Override
    public void opened() { }

    @Override
    public void addConsumer(long consumer, ConsumerConfig consumerConfig, long consumerCreatedNanos, long startSequence,
                            Runnable done) {
        consumers.put(consumerConfig.name(), new ConsumerDefinition(consumer, consumerConfig, consumerCreatedNanos,
            startSequence));
        if (leading) {
            partition.operations().addConsumer(consumer, consumerConfig, consumerCreatedNanos, startSequence, done);
        } else {
            done.run();
        }
    }

    @Override
    public void updateConsumer(String consumer, ConsumerConfig consumerConfig) {
        consumers.computeIfPresent(consumer, (name, before) -> new ConsumerDefinition(before.id(), consumerConfig,
            before.createdNanos(), before.startSequence()));
        if (leading) {
            partition.operations().updateConsumer(consumer, consumerConfig);
        }
    }

    @Override
    public void removeConsumer(String consumer) {
        consumers.remove(consumer);
        letters.remove(consumer);
        if (leading) {
            partition.operations().removeConsumer(consumer);
        }
    }

    @Override
    public void deadLetters(String consumer, boolean kept) {
        letters.put(consumer, kept);
        if (leading) {
            partition.operations().deadLetters(consumer, kept);
        }
    }

    @Override
    public void copyDeadLetters(boolean wanted) {
        copies = wanted;
        if (leading) {
            partition.operations().copyDeadLetters(wanted);
        }
    }

    @Override
    public void keepSchemaFailures(boolean kept) {
        failures = kept;
        if (leading) {
            partition.operations().keepSchemaFailures(kept);
        }
    }

    @Override
    public void retryDeadLetters(RetryPolicy policy) {
        retry = policy;
        if (leading) {
            partition.operations().retryDeadLetters(policy);
        }
    }

    @Override
    public Optional<PartitionOperations> operations() {
        return leading ? Optional.of(partition.operations()) : Optional.empty();
    }
}

package org.memphisee.core.station;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.port.PublishRequest;

/**
 * One partition: what belongs together on its shard. {@link PartitionHandle} is for any thread, everything else for the
 * shard's.
 */
public final class Partition implements PartitionHandle, PartitionOperations {

    private final long id;
    private final long createdNanos;
    private final ShardResources resources;
    private final StoredMessages messages;
    private final Appender appender;
    private final Removals removals;
    private final Trimmer trimmer;
    private final Merger merger;
    private final InterestRetention interest;
    private final PartitionConsumers consumers;
    private final PartitionTable.Listener listener;
    private final MessageQueries queries;
    /** Who waits for removals to be durable; told when that can never be. */
    private final List<Consumer<String>> removing = new ArrayList<>(0);
    private Republisher republisher;
    private final Runnable announce = this::announceRemovals;
    private boolean announceRequested;
    private boolean removed;
    private volatile StreamConfig config;
    private volatile StreamState state;
    private volatile long consumerChanges;

    /** An empty partition. */
    Partition(long id, long createdNanos, StreamConfig config, ShardResources resources,
              PartitionTable.Listener listener) {
        this.id = id;
        this.createdNanos = createdNanos;
        this.config = config;
        this.resources = resources;
        this.messages = new StoredMessages(id, config, resources);
        this.queries = new MessageQueries(messages);
        this.appender = new Appender(id, config, resources, messages, this::committed, this::skipped,
            this::frozen);
        this.listener = listener;
        this.removals = new Removals(id, messages, appender::state, this::removalsPending);
        this.trimmer = new Trimmer(config, messages, resources, removals);
        this.merger = new Merger(id, messages, resources, appender, this::merged);
        this.interest = new InterestRetention(config, resources, removals, appender::lastAssigned);
        appender.interest(interest);
        this.consumers = new PartitionConsumers(id, resources, messages, appender, removals, interest);
        messages.listeners(consumers::dataReady, this::corrupt);
        if (config.firstSeq() > 1) {
            messages.advance(config.firstSeq() - 1, 0);
            appender.startAt(config.firstSeq());
        }
        consumersChanged();
        republisher = new Republisher(config, resources.publisher());
        publishState();
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
        return state;
    }

    @Override
    public void run(Consumer<PartitionOperations> operation) {
        resources.shard().execute(() -> operation.accept(this));
    }

    /** How often a consumer came or went. */
    public long consumerChanges() {
        return consumerChanges;
    }

    /** What the partitions of its shard share. */
    public ShardResources resources() {
        return resources;
    }

    // ---- recovery

    /** Reads what the store has of it. */
    void recover(LogStore store) throws StoreException {
        new PartitionRecovery(messages, consumers, appender).run(id, config, store, resources.shard().clock());
        trimmer.trimSubjects();
        trimmer.run();
        publishState();
    }

    /** Nothing of it is given out and nothing taken until the store was mended (P2). */
    void failedRecovery(StoreException cause) {
        corrupt(cause);
    }

    // ---- the data path

    /** Takes one message; false, and no answer, when the partition was removed. */
    public boolean publish(PublishRequest request, PublishOrigin origin) {
        if (!removed) {
            appender.publish(request, origin);
        }
        return !removed;
    }

    /** Takes an acknowledgement: subject and payload are slices of the request. False when its consumer is unknown. */
    public boolean acknowledge(PublishRequest r, String reply) {
        return consumers.acknowledge(r.bytes(), r.subjectOffset(), r.subjectLength(), r.bodyOffset() + r.headerLength(),
            r.payloadLength(), reply);
    }

    /** Takes a pull request of the consumer named in the slice; unknown consumers are not answered. */
    public void pull(PublishRequest r, int consumerOffset, int consumerLength, String inbox) {
        ConsumerSlot slot = consumers.find(r.bytes(), consumerOffset, consumerLength);
        if (slot != null) {
            consumers.pull(slot, r.bytes(), r.bodyOffset() + r.headerLength(), r.payloadLength(), inbox);
        }
    }

    /** A client answered a flow-control request. */
    public void flowControl(String consumer, String subject) {
        consumers.find(consumer).ifPresent(s -> s.consumer().flowControlAnswered(subject));
    }

    private void committed(StoredBatch batch) {
        trimmer.count(batch);
        if (republisher.applies()) {
            republisher.committed(batch, messages::previous);
        }
        Rollups.Rollup rollup;
        while ((rollup = appender.takeRollup()) != null) {
            long message = rollup.sequence();
            removals.removeIf(1, message - 1, filter(rollup.subject()), m -> true, n -> { });
        }
        trimmer.committed(batch);
        consumers.committed();
        interest.committed(batch);
        merger.committed();
        publishState();
    }

    private void skipped(long from, long to) {
        removals.skipped(from, to);
        publishState();
    }

    private void merged() {
        trimmer.run();
        if (messages.file()) {
            consumers.storeSoon();
        }
    }

    private void corrupt(StoreException cause) {
        appender.freeze(cause);
    }

    private void frozen(StoreException cause) {
        List<Consumer<String>> refused = List.copyOf(removing);
        removing.clear();
        refused.forEach(r -> r.accept(frozenText(cause)));
        publishState();
        listener.frozen(this, cause);
    }

    private static String frozenText(StoreException cause) {
        return Refusal.FROZEN.description + cause.getMessage();
    }

    private void removalsPending() {
        if (!announceRequested) {
            announceRequested = true;
            resources.shard().atEndOfTurn(announce);
        }
    }

    private void announceRemovals() {
        announceRequested = false;
        if (removals.removedTo() > 0) {
            consumers.messagesRemoved(removals.removedFrom(), removals.removedTo());
            removals.announced();
            consumers.storeSoon();
            publishState();
        }
    }

    private void publishState() {
        long count = messages.count();
        long first = count > 0 ? messages.firstSequence() : messages.lastSequence() == 0 ? 0 : messages.lastSequence() + 1;
        long deleted = count == 0 ? 0 : messages.lastSequence() - first + 1 - count;
        state = new StreamState(count, messages.bytes(), first, messages.firstTimeNanos(), messages.lastSequence(),
            messages.lastTimeNanos(), messages.subjectIndex().live(), deleted, consumers.size(),
            appender.frozen() != null);
    }

    private void consumersChanged() {
        consumerChanges = consumerChanges + 1; // one writer
        applyRetention();
        publishState();
    }

    private void applyRetention() {
        trimmer.unclaimed(config.retention() == StreamConfig.Retention.INTEREST && consumers.size() == 0);
    }

    // ---- administration

    void configure(StreamConfig next) {
        config = next;
        appender.config(next);
        republisher = new Republisher(next, resources.publisher());
        applyRetention();
        interest.config(next);
        trimmer.config(next);
        publishState();
    }

    /** Removes it from the shard; the store's part is submitted behind everything written before. */
    void remove(Runnable done) {
        removed = true;
        trimmer.stop();
        consumers.deleted();
        for (int i = 0; i < messages.batches().size(); i++) {
            StoredBatch b = messages.batches().get(i);
            b.gone = true;
            resources.cache().remove(b);
        }
        if (!messages.file()) {
            done.run();
            return;
        }
        new StoredDrop(id, resources).submit(done);
    }

    /** Tells waiting pulls that the server stops, and stores cursors. Any thread; told when they are durable. */
    public void shutdown(Runnable stored) {
        resources.shard().execute(() -> {
            consumers.shutdown();
            whenStored(stored, cause -> stored.run());
        });
    }

    /** Records it consists of. */
    int batchCount() {
        return messages.batches().size();
    }

    @Override
    public long[] deletedSequences(int limit) {
        return queries.deletedSequences(limit);
    }

    @Override
    public Map<String, Long> subjectCounts(String filter) {
        return queries.subjectCounts(filter);
    }

    @Override
    public void message(long sequence, Consumer<Optional<StoredMessage>> whenRead) {
        queries.message(sequence, whenRead);
    }

    @Override
    public void lastMessage(String subjectFilter, Consumer<Optional<StoredMessage>> whenRead) {
        queries.message(messages.lastMatching(filter(subjectFilter)), whenRead);
    }

    @Override
    public void nextMessage(long fromSequence, String subjectFilter, Consumer<Optional<StoredMessage>> whenRead) {
        queries.next(Math.max(1, fromSequence), filter(subjectFilter), whenRead);
    }

    static SubjectFilter filter(String pattern) {
        return pattern.isEmpty() ? SubjectFilter.EVERYTHING : SubjectFilter.of(List.of(pattern));
    }

    @Override
    public void deleteMessage(long sequence, Consumer<Boolean> whenDurable, Consumer<String> whenFrozen) {
        if (refusedAsFrozen(whenFrozen)) {
            return;
        }
        removals.remove(sequence, there -> {
            if (there) {
                whenStored(() -> whenDurable.accept(true), whenFrozen);
            } else {
                whenDurable.accept(false);
            }
        });
    }

    @Override
    public void purge(String subjectFilter, long below, long keep, Consumer<Long> whenDurable,
                      Consumer<String> whenFrozen) {
        if (refusedAsFrozen(whenFrozen)) {
            return;
        }
        SubjectFilter filter = filter(subjectFilter);
        long end = below > 0 ? below : messages.lastSequence() + 1;
        if (keep > 0) {
            long surplus = messages.countMatching(1, filter) - keep;
            if (surplus <= 0) {
                whenDurable.accept(0L);
                return;
            }
            long[] left = {surplus};
            removals.removeIf(1, end - 1, filter, m -> left[0]-- > 0, n -> purged(n, whenDurable, whenFrozen));
            return;
        }
        long dropped = filter.everything() ? removals.dropBelow(end) : 0;
        removals.removeIf(1, end - 1, filter, m -> true, n -> purged(dropped + n, whenDurable, whenFrozen));
    }

    private void purged(long removedCount, Consumer<Long> whenDurable, Consumer<String> whenFrozen) {
        whenStored(() -> whenDurable.accept(removedCount), whenFrozen);
    }

    private boolean refusedAsFrozen(Consumer<String> whenFrozen) {
        if (appender.frozen() == null || !messages.file()) {
            return false;
        }
        whenFrozen.accept(frozenText(appender.frozen()));
        return true;
    }

    private void whenStored(Runnable action, Consumer<String> whenFrozen) {
        announceRemovals();
        if (!messages.file()) {
            action.run();
        } else if (!refusedAsFrozen(whenFrozen)) {
            removing.add(whenFrozen);
            consumers.whenStored(() -> {
                if (removing.remove(whenFrozen)) {
                    action.run();
                }
            });
        }
    }

    @Override
    public long resolveStart(ConsumerConfig consumerConfig) {
        return org.memphisee.core.consumer.Consumer.resolveStart(consumerConfig, messages);
    }

    @Override
    public void addConsumer(long consumerId, ConsumerConfig consumerConfig, long consumerCreatedNanos,
                            long startSequence) {
        consumers.add(consumerId, consumerConfig, consumerCreatedNanos, startSequence);
        consumersChanged();
    }

    @Override
    public void updateConsumer(String consumer, ConsumerConfig consumerConfig) {
        consumers.update(consumer, consumerConfig);
    }

    @Override
    public void removeConsumer(String consumer) {
        consumers.remove(consumer);
        consumersChanged();
    }

    @Override
    public void whenCursorsDurable(Runnable action) {
        if (appender.frozen() == null && consumers.unstored()) {
            consumers.whenStored(action);
        } else {
            action.run();
        }
    }

    @Override
    public Optional<ConsumerInfo> consumerInfo(String consumer) {
        return consumers.find(consumer).map(s -> s.consumer().info());
    }

    @Override
    public List<ConsumerInfo> consumerInfos() {
        return consumers.infos();
    }
}

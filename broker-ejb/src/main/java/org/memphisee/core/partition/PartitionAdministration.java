package org.memphisee.core.partition;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.partition.cursor.PartitionConsumers;
import org.memphisee.core.partition.letters.LetterLog;
import org.memphisee.core.partition.log.MessageQueries;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.Positions;
import org.memphisee.core.partition.log.RecordCopy;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.tier.Retirement;

/** Questions and changes that come from the control plane and the JetStream API. Shard's thread only. */
final class PartitionAdministration implements PartitionOperations {

    private final Partition partition;
    private final StoredMessages messages;
    private final MessageQueries queries;
    private final PartitionConsumers consumers;
    private final RemovalRequests requests;

    PartitionAdministration(Partition partition, StoredMessages messages, MessageQueries queries,
                            PartitionConsumers consumers, RemovalRequests requests) {
        this.partition = partition;
        this.messages = messages;
        this.queries = queries;
        this.consumers = consumers;
        this.requests = requests;
    }

    @Override
    public StreamConfig config() {
        return partition.config();
    }

    @Override
    public StreamState state() {
        return partition.state();
    }

    @Override
    public String fault() {
        return partition.fault();
    }

    @Override
    public void opened() {
        partition.opened();
    }

    @Override
    public void deletedSequences(int limit, Answer<long[]> answer) {
        ask(answer, () -> queries.deletedSequences(limit, answer));
    }

    @Override
    public void subjectCounts(String filter, Answer<Map<String, Long>> answer) {
        ask(answer, () -> queries.subjectCounts(Partition.filter(filter), answer));
    }

    private <T> void ask(Answer<T> answer, Runnable question) {
        if (partition.life().known()) {
            question.run();
        } else {
            answer.unknown(partition.life().over() ? Positions.ENDED : partition.fault());
        }
    }

    @Override
    public void message(long sequence, Consumer<MessageRead> whenRead) {
        read(() -> queries.message(sequence, whenRead), whenRead);
    }

    @Override
    public void lastMessage(String subjectFilter, Consumer<MessageRead> whenRead) {
        read(() -> queries.last(Partition.filter(subjectFilter), whenRead), whenRead);
    }

    @Override
    public void nextMessage(long fromSequence, String subjectFilter, Consumer<MessageRead> whenRead) {
        read(() -> queries.next(Math.max(1, fromSequence), Partition.filter(subjectFilter), whenRead), whenRead);
    }

    private void read(Runnable query, Consumer<MessageRead> whenRead) {
        if (partition.life().known()) {
            query.run();
        } else {
            whenRead.accept(partition.unknown());
        }
    }

    @Override
    public void deleteMessage(long sequence, Consumer<Boolean> whenDurable, Consumer<String> whenFrozen) {
        if (decides(whenFrozen)) {
            requests.delete(sequence, whenDurable, whenFrozen);
        }
    }

    @Override
    public void purge(String subjectFilter, long below, long keep, Consumer<Long> whenDurable,
                      Consumer<String> whenFrozen) {
        if (decides(whenFrozen)) {
            requests.purge(Partition.filter(subjectFilter), below, keep, whenDurable, whenFrozen);
        }
    }

    private boolean decides(Consumer<String> whenNot) {
        boolean decides = partition.life() != PartitionLife.FOLLOWING;
        if (!decides) {
            whenNot.accept("another broker decides about stream " + partition.name()
                + ", or none does: ask the leader of its group");
        }
        return decides;
    }

    @Override
    public String noRoomFor(StreamConfig next) {
        boolean more = next.maxMsgsPerSubject() > 1 && !messages.subjectIndex().keepsSequences();
        long bytes = more ? messages.subjectIndex().memoryOfSequences(messages.count()) : 0;
        return bytes == 0 || partition.resources().index().roomFor(bytes) ? "" : "insufficient resources: to keep more than one message of"
            + " each subject takes up to " + bytes + " bytes of memory for message ids and subjects, which are not left; raise"
            + " memphisee.memory.index or purge the stream";
    }

    @Override
    public void resolveStart(ConsumerConfig consumerConfig, Answer<Long> answer) {
        ask(answer, () -> org.memphisee.core.consumer.Consumer.resolveStart(consumerConfig, messages.view(), answer));
    }

    @Override
    public void addConsumer(long consumerId, ConsumerConfig consumerConfig, long consumerCreatedNanos,
                            long startSequence, Runnable done) {
        if (!partition.life().known()) { // its cursor stays as it is stored
            done.run();
            return;
        }
        consumers.add(consumerId, consumerConfig, consumerCreatedNanos, startSequence, () -> {
            if (partition.life().known()) {
                partition.consumersChanged();
            }
            done.run();
        });
    }

    @Override
    public void deadLetters(String consumer, boolean kept) {
        partition.letters().takeFrom(consumer, kept);
    }

    @Override
    public boolean gaveUp(String consumer, long sequence, String reason) {
        return partition.life().known()
            && consumers.find(consumer).filter(slot -> partition.letters().because(slot, sequence, reason)).isPresent();
    }

    @Override
    public void copyDeadLetters(boolean wanted) {
        partition.letters().copies(wanted);
    }

    @Override
    public void keepSchemaFailures(boolean kept) {
        partition.letters().keepFailures(kept);
    }

    @Override
    public void retryDeadLetters(RetryPolicy policy) {
        if (partition.life().known()) { // else what is stored stays as it is
            partition.letters().retry(policy);
        }
    }

    @Override
    public LetterLog letters() {
        return partition.letters();
    }

    @Override
    public Retirement retirement() {
        return partition.retirement();
    }

    @Override
    public void updateConsumer(String consumer, ConsumerConfig consumerConfig) {
        consumers.update(consumer, consumerConfig);
    }

    @Override
    public void removeConsumer(String consumer) {
        if (partition.life().known()) { // else a cursor without a consumer goes when the partition is opened again
            consumers.remove(consumer);
            partition.consumersChanged();
        }
    }

    @Override
    public void whenCursorsDurable(Runnable action) {
        if (partition.frozenBy() == null && consumers.unstored()) {
            consumers.whenStored(action);
        } else {
            action.run();
        }
    }

    @Override
    public void whenCounted(Runnable action) {
        if (partition.life().known()) {
            consumers.whenCounted(action);
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

    @Override
    public Map<String, byte[]> consumerStates() {
        return consumers.states();
    }

    @Override
    public void record(long fromSequence, long upTo, Answer<Optional<RecordCopy>> answer) {
        ask(answer, () -> queries.record(fromSequence, upTo, answer));
    }
}

package org.memphisee.core.partition;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.letters.LetterFigures;
import org.memphisee.core.partition.letters.LetterLog;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.partition.log.RecordCopy;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.tier.Retirement;

/**
 * What the control plane and the JetStream API may ask of a partition, on its shard's thread. Callbacks run on that
 * thread too, possibly later (data is read, changes become durable) and exactly once. Nothing here waits for the disk; what
 * can be told from memory is told during the call.
 */
public interface PartitionOperations extends PartitionDefining {

    StreamConfig config();

    StreamState state();

    /** What keeps it from serving as it should and what helps, empty when nothing does. */
    String fault();

    /** Finds sequences missing between first and last, ascending, at most {@code limit}. */
    void deletedSequences(int limit, Answer<long[]> answer);

    /** Counts messages per subject for subjects that match; what comes or goes meanwhile may count or not. */
    void subjectCounts(String filter, Answer<Map<String, Long>> answer);

    /** Reads by sequence. */
    void message(long sequence, Consumer<MessageRead> whenRead);

    /** Reads the last message whose subject matches. */
    void lastMessage(String subjectFilter, Consumer<MessageRead> whenRead);

    /** Reads the first message at or after the sequence whose subject matches. */
    void nextMessage(long fromSequence, String subjectFilter, Consumer<MessageRead> whenRead);

    /**
     * Deletes one message.
     *
     * @param whenDurable gets whether it was there
     * @param whenFrozen gets why it cannot become durable, instead
     */
    void deleteMessage(long sequence, Consumer<Boolean> whenDurable, Consumer<String> whenFrozen);

    /**
     * Removes messages.
     *
     * @param subjectFilter only these, empty for all
     * @param below only those below this sequence, 0 for no bound
     * @param keep leave the newest so many, 0 for none
     * @param whenDurable gets the number removed
     * @param whenFrozen gets why it cannot become durable, instead
     */
    void purge(String subjectFilter, long below, long keep, Consumer<Long> whenDurable,
               Consumer<String> whenFrozen);

    /** Why there is no room for the stream with another configuration, and what helps; empty when there is. */
    String noRoomFor(StreamConfig next);

    /** Finds where a consumer with this configuration starts now. */
    void resolveStart(ConsumerConfig config, Answer<Long> answer);

    /**
     * A member of a group tells why it gives a message up, which it does with that if it has not before.
     *
     * @return false when the group does not have the message, or nothing that it gives up is kept
     */
    boolean gaveUp(String consumer, long sequence, String reason);

    /** The dead letters of the partition. */
    LetterLog letters();

    /** How many these are. */
    default LetterFigures letterFigures() {
        return letters().figures();
    }

    /** What the limits no longer allow and that waits for the second tier. */
    Retirement retirement();

    /**
     * Runs once the acknowledgements taken so far are durable, at once when nothing waits: what is shown to others
     * afterwards never goes back (P4, D20). A frozen partition does not wait.
     */
    void whenCursorsDurable(Runnable action);

    /**
     * Runs once all consumers can tell exactly how much they have not delivered, at once when nothing has to be read for that.
     * Until then {@link #consumerInfo} tells what was counted so far.
     */
    void whenCounted(Runnable action);

    @Override
    default Optional<PartitionOperations> operations() {
        return Optional.of(this);
    }

    Optional<ConsumerInfo> consumerInfo(String name);

    /** All consumers, by name. */
    List<ConsumerInfo> consumerInfos();

    /** Where all consumers stand now, as their cursors would be stored, by name. */
    Map<String, byte[]> consumerStates();

    /** Copies the first batch at or after a sequence that has messages; empty when there is none up to the other one. */
    void record(long fromSequence, long upTo, Answer<Optional<RecordCopy>> answer);
}

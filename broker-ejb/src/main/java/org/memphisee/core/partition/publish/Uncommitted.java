package org.memphisee.core.partition.publish;

import java.util.ArrayDeque;
import java.util.function.Consumer;

import org.memphisee.core.append.Shard;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.PartitionState;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.port.PublishRequest;

/**
 * What was given out and is not committed: sequences, times and ids, the batch that gathers, those on their way to the disk,
 * and what they will change once they are there. Shard's thread only.
 */
final class Uncommitted {

    private final long partition;
    private final StoredMessages messages;
    private final Shard shard;
    private final ArrayDeque<BatchBuilder.Sealed> inFlight = new ArrayDeque<>();
    /** The batch that gathers, null while there is none. */
    private BatchBuilder building;
    private int expectedBytes = 512;
    private long lastAssigned;
    private long lastTime;
    private String lastMessageId = "";
    private String lastCommittedId = "";
    private long bytes;
    private long growth;
    /** Last sequence whose write was submitted, and its time: nothing that is written later may say less. */
    private long lastSubmitted;
    private long lastSubmittedTime;

    Uncommitted(long partition, StoredMessages messages, Shard shard) {
        this.partition = partition;
        this.messages = messages;
        this.shard = shard;
    }

    /** Continues after what was recovered. */
    void recovered(String lastId) {
        lastAssigned = messages.lastSequence();
        lastTime = messages.lastTimeNanos();
        lastMessageId = lastId;
        lastCommittedId = lastId;
    }

    /** Begins an empty stream at a sequence. */
    void startAt(long firstSequence) {
        lastAssigned = Math.max(lastAssigned, firstSequence - 1);
    }

    /** Last sequence that was given out. */
    long lastAssigned() {
        return lastAssigned;
    }

    /** Time of what was given out last, nanoseconds since the epoch. */
    long lastTime() {
        return lastTime;
    }

    /** Message id of what was given out last, empty for none. */
    String lastMessageId() {
        return lastMessageId;
    }

    /** Accounted bytes of messages that are not committed. */
    long bytes() {
        return bytes;
    }

    /** By how many messages the stream will grow. */
    long growth() {
        return growth;
    }

    /** The batch that gathers, null while there is none. */
    BatchBuilder building() {
        return building;
    }

    /** Visits the ids of what was given out and is not committed. */
    void visitIds(Consumer<MessageId> visitor) {
        inFlight.forEach(sealed -> sealed.summary().messageIds().forEach(visitor));
        if (building != null) {
            building.visitIds(visitor);
        }
    }

    /** Batches on their way to the disk. */
    int inFlight() {
        return inFlight.size();
    }

    /** The state to store of the partition: no sequence that was given out before is below its last one. */
    StoreChange state() {
        return new StoreChange.PutPartitionState(partition, PartitionState.encode(messages.firstSequence(),
            Math.max(messages.lastSequence(), lastSubmitted), Math.max(messages.lastTimeNanos(), lastSubmittedTime)));
    }

    // ---- giving out

    /** Gives out a sequence to a message that is not stored. */
    long skip(PublishRequest r, long now, boolean awaited) {
        long sequence = begin(now);
        building.skip(sequence, now, r, awaited);
        return sequence;
    }

    /**
     * Gives out a sequence and puts the message into the batch.
     *
     * @param replaces whether it will push out an older one of its subject
     */
    long add(PublishRequest r, long now, SubjectEntry subject, long accounted, boolean awaited, boolean replaces) {
        long sequence = begin(now);
        building.add(sequence, now, r, subject, accounted, awaited);
        if (replaces) {
            building.replaces();
        } else {
            growth++;
        }
        subject.assignedLast = sequence;
        subject.uncommitted++;
        bytes += accounted;
        return sequence;
    }

    private long begin(long now) {
        long sequence = ++lastAssigned;
        lastTime = now;
        if (building == null) {
            building = new BatchBuilder(sequence, expectedBytes);
        }
        return sequence;
    }

    /** What was given out last is held until it is durable, and has this id, or none. */
    void keep(int held, String messageId, long sequence, long now) {
        shard.hold(held);
        if (messageId != null) {
            building.addId(new MessageId(messageId, sequence, now));
        }
        lastMessageId = messageId == null ? "" : messageId;
    }

    /** Who waits for the batch that has, or will have, the sequence; null when there is none. */
    BatchBuilder.Waiting waitingFor(long sequence) {
        for (BatchBuilder.Sealed sealed : inFlight) {
            if (sequence <= sealed.lastGiven()) {
                return sealed.waiting();
            }
        }
        return building == null ? null : building.waiting();
    }

    // ---- on the way

    /** The batch that gathers goes to the disk. */
    BatchBuilder.Sealed submit() {
        BatchBuilder.Sealed sealed = seal();
        expectedBytes = sealed.length() + (sealed.length() >> 2);
        inFlight.add(sealed);
        return sealed;
    }

    /** The batch that gathers gathers no more. */
    private BatchBuilder.Sealed seal() {
        BatchBuilder.Sealed sealed = building.seal();
        building = null;
        return sealed;
    }

    /** Whatever the store has from now on, it has up to the end of this batch. */
    void proposed(BatchBuilder.Sealed sealed) {
        lastSubmitted = sealed.lastGiven();
        lastSubmittedTime = sealed.summary().lastTimestampNanos();
    }

    /** The batch is on its way no more. */
    void ended(BatchBuilder.Sealed sealed) {
        inFlight.remove(sealed);
    }

    /** The batch is durable; its subjects have heard of it. */
    void stored(BatchBuilder.Sealed sealed) {
        settle(sealed);
        lastCommittedId = sealed.lastId();
    }

    /** The batch is not durable, or nobody knows whether it is. */
    void failed(BatchBuilder.Sealed sealed) {
        for (int i = 0; i < sealed.subjects().size(); i++) {
            messages.subjectIndex().failed(sealed.subjects().get(i), sealed.summary().subjects().get(i));
        }
        settle(sealed);
    }

    private void settle(BatchBuilder.Sealed sealed) {
        growth -= sealed.growth();
        bytes -= sealed.summary().storedBytes();
        shard.release(sealed.held());
    }

    /** Gives up the batch that gathers, which was never proposed; there is one. */
    BatchBuilder.Sealed giveUp() {
        BatchBuilder.Sealed open = seal();
        failed(open);
        return open;
    }

    /** The partition ends: of the batch that gathers only what it held of its clients is given back; there is one. */
    BatchBuilder.Sealed abandon() {
        BatchBuilder.Sealed open = seal();
        shard.release(open.held());
        return open;
    }

    /** Nothing is on its way: sequences behind what is committed may be given out again. */
    void takeBack() {
        lastAssigned = messages.lastSequence();
        lastSubmitted = 0;
        lastMessageId = lastCommittedId;
    }
}

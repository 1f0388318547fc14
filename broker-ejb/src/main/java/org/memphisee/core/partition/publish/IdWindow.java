package org.memphisee.core.partition.publish;

import java.util.List;

import org.memphisee.core.log.MessageId;
import org.memphisee.port.PublishRequest;

/**
 * The message ids that a partition takes for known, inside its deduplication window (P5): its own ({@link DedupWindow}), or
 * those of all partitions of its station ({@link WindowShare}). Shard's thread only.
 */
public interface IdWindow {

    /** Found: another partition has the message. */
    long ELSEWHERE = -1;

    /** What became of {@link #claim}. */
    enum Claim {
        /** The id is the partition's from now on. */
        GRANTED,
        /** Another partition has it, or was faster. */
        ELSEWHERE,
        /** Its memory is used up: it could not be protected. */
        NO_ROOM
    }

    /** How long an id is remembered, in nanoseconds from its message's time; 0 for not at all. */
    void window(long nanos);

    /**
     * The sequence of the earlier message with this id, 0 for none, {@link #ELSEWHERE} when another partition has it. Remembers
     * the id for {@link #claim} and {@link #refer}.
     */
    long find(String id, long nowNanos);

    /** Keeps the id that {@link #find} was asked for last, if nobody has it. */
    Claim claim(long sequence, long nowNanos);

    /**
     * Has the partition that the last {@link #find} or {@link #claim} found elsewhere answer a publisher, when the message is
     * durable or will never be.
     *
     * @return false when that partition is no more
     */
    boolean refer(PublishRequest r, PublishOrigin origin);

    /** Keeps an id that was found in the store. When there is no room for it, no id is granted until it would be forgotten. */
    void recovered(byte[] b, int offset, int length, long sequence, long timeNanos);

    /**
     * Forgets ids whose messages were never committed.
     *
     * @param from no message from this sequence on is committed
     * @param ids of a batch of them
     */
    void takeBack(long from, List<MessageId> ids);

    /** Forgets all that is the partition's and gives its memory back; not to be used any more. May be repeated. */
    void close();
}

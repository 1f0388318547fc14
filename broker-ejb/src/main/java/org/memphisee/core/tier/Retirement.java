package org.memphisee.core.tier;

import java.util.List;
import java.util.function.Consumer;

/**
 * What a partition's limits no longer allow, and that stays until it is in the second tier. What people purge or delete, and what
 * groups of an ack-based station have acknowledged, is not among it. Shard's thread only.
 */
public interface Retirement {

    /**
     * From now on limits wait for the second tier, or no longer do: then they remove at once what they have waited with.
     *
     * @param wanted whether they wait
     */
    void hold(boolean wanted);

    /**
     * Reads the next messages that are due and not known to be in the second tier, from the oldest on.
     *
     * @param maxMessages how many at most
     * @param maxBytes when so many bytes of headers and payloads were taken, no more are; a single message may be larger
     * @param whenRead told once, on the shard, perhaps later
     */
    void due(int maxMessages, long maxBytes, Consumer<Due> whenRead);

    /** What is stored up to the sequence is in the second tier: limits may remove it. */
    void done(long upTo);

    /** How much waits. */
    Held held();

    /**
     * Lets limits remove the oldest of what waits although it is not in the second tier.
     *
     * @param bytes at least so much, if so much waits
     */
    Lost giveUp(long bytes);

    /**
     * Messages that are due.
     *
     * @param messages in order of their sequences; empty when nothing is due here, or it is not decided here
     * @param more whether more may be due
     */
    record Due(List<TieredMessage> messages, boolean more) {
        /** Nothing. */
        public static final Due NOTHING = new Due(List.of(), false);

        public Due {
            messages = List.copyOf(messages);
        }
    }

    /**
     * What waits, without the batch in which the limit falls.
     *
     * @param bytes accounted bytes
     * @param noRoom whether there is no room for new messages meanwhile
     */
    record Held(long bytes, boolean noRoom) { }

    /**
     * What was let go without being in the second tier.
     *
     * @param messages how many
     * @param bytes accounted bytes
     */
    record Lost(long messages, long bytes) { }
}

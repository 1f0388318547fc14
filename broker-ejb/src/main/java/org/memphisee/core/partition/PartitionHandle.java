package org.memphisee.core.partition;

import java.util.function.Consumer;

import org.memphisee.core.partition.letters.LetterFigures;

/** A partition that is here, as other threads see it. Thread-safe. */
public interface PartitionHandle extends KnownPartition {

    /** Figures as of the last commit; at least as new as any PubAck the caller has seen. */
    StreamState state();

    /** What keeps it from serving as it should and what helps, empty when nothing does. */
    String fault();

    /** Whether it is decided about here: what is asked of it elsewhere is of nobody's use. Any thread; certain on the shard's. */
    default boolean decidedHere() {
        return true;
    }

    /** Runs an operation on the partition's shard. */
    void run(Consumer<PartitionOperations> operation);

    /** How many dead letters it has. Any thread, a moment old. */
    default LetterFigures deadLetters() {
        return LetterFigures.NONE;
    }
}

package org.memphisee.core.partition;

import java.util.function.Consumer;

import org.memphisee.core.partition.letters.LetterFigures;
import org.memphisee.core.stream.StreamConfig;

/** A partition as other threads see it. Thread-safe. */
public interface PartitionHandle {

    /** Its number, never reused. */
    long id();

    /** Name of its stream. */
    String name();

    /** Its configuration now. */
    StreamConfig config();

    /** When it was created, nanoseconds since the epoch. */
    long createdNanos();

    /** Figures as of the last commit; at least as new as any PubAck the caller has seen. */
    StreamState state();

    /** What keeps it from serving as it should and what helps, empty when nothing does. */
    String fault();

    /** Runs an operation on the partition's shard. */
    void run(Consumer<PartitionOperations> operation);

    /** How many dead letters it has. Any thread, a moment old. */
    default LetterFigures deadLetters() {
        return LetterFigures.NONE;
    }
}

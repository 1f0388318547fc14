package org.memphisee.core.consumer;

import java.util.List;

/**
 * The committed messages of a partition as its consumers see them. All calls on the shard's thread; none blocks:
 * what is not in memory is asked for and announced later by {@link Consumer#dataReady()}.
 */
public interface PartitionView {

    /** The answer to a look-up. */
    enum Lookup {
        /** The view was filled. */
        FOUND,
        /** There is no such message (any more), or none yet. */
        NONE,
        /** It must be read from the store first; {@code dataReady()} follows. */
        LOADING,
        /** There is, or may be, such a message, but its record is damaged: nothing is known of it until that was mended. */
        UNREADABLE
    }

    /** Name of the stream. */
    String streamName();

    /** First stored sequence; last + 1 when the partition is empty. */
    long firstSequence();

    /** Highest committed sequence, 0 when nothing was ever stored. */
    long lastSequence();

    /**
     * Finds the first message at or after a sequence that matches.
     *
     * @param fromSequence where to begin
     * @param filter what is wanted
     * @param view filled when FOUND
     */
    Lookup next(long fromSequence, SubjectFilter filter, MessageView view);

    /**
     * Where to begin again after {@link #next} answered LOADING: nothing below matches, and what was looked through need not
     * be in memory any more.
     *
     * @param fromSequence where that look began
     */
    default long resumeAt(long fromSequence) {
        return fromSequence;
    }

    /** Reads one message. */
    Lookup read(long sequence, MessageView view);

    /** Whether a message is still stored; answered from the indexes, never LOADING. */
    boolean contains(long sequence);

    /** Number of stored messages at or after a sequence that match; exact. */
    long countMatching(long fromSequence, SubjectFilter filter);

    /** The last message that matches, 0 when there is none. */
    long lastMatching(SubjectFilter filter);

    /** The first message stored at or after a time (nanoseconds since the epoch); last + 1 when there is none. */
    long firstSequenceAt(long timeNanos);

    /** Last sequence of each stored subject that matches, ascending. */
    long[] lastPerSubject(SubjectFilter filter);

    /** Whether every stored message is the last of its subject. */
    default boolean onePerSubject() {
        return false;
    }

    /** Subjects the partition stores. */
    List<String> subjects();
}

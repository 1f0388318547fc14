package org.memphisee.core.consumer;

import java.util.List;

/**
 * The committed messages of a partition as its consumers see them. All calls on the shard's thread; none blocks:
 * what is not in memory is asked for, and announced later by {@link Consumer#dataReady()}, or told later to whoever asked. What
 * can be told from memory is told at once.
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

    /**
     * Whether a message is still stored: FOUND or NONE, mostly from the indexes; LOADING when a record must tell, and
     * {@code dataReady()} follows.
     */
    Lookup contains(long sequence);

    /**
     * Counts stored messages at or after a sequence that match, exactly. All is told during the call when nothing has to be
     * read; else it goes on later, batch by batch. A message that is removed meanwhile counts when the tally had come to it by then;
     * whoever counts hears of each removal and knows which.
     */
    void count(long fromSequence, SubjectFilter filter, Tally tally);

    /** Finds the last message that matches, 0 when there is none. */
    void lastMatching(SubjectFilter filter, Answer<Long> answer);

    /** Finds the first message stored at or after a time (nanoseconds since the epoch); last + 1 when there is none. */
    void firstSequenceAt(long timeNanos, Answer<Long> answer);

    /** Finds the last message of each stored subject that matches. */
    void lastPerSubject(SubjectFilter filter, Answer<Lasts> answer);

    /**
     * The last messages of subjects.
     *
     * @param upTo those stored up to this sequence were looked at
     * @param sequences of the messages, ascending
     */
    record Lasts(long upTo, long[] sequences) { }

    /** Gets a value that may have to be read first: once, during the call when nothing need be read. */
    interface Answer<T> {
        void known(T value);

        /** Nothing is known any more: why. */
        void unknown(String why);
    }

    /** Hears how many messages match, in ascending order. */
    interface Tally {

        /** So many lie behind what was told before and at or before this sequence. */
        void add(long upTo, long matching);

        /** All up to the last committed sequence was told. */
        void done();

        /** Whether it is still to be counted. */
        boolean wanted();
    }

    /** Whether every stored message is the last of its subject. */
    default boolean onePerSubject() {
        return false;
    }

    /** Subjects the partition stores. */
    List<String> subjects();
}

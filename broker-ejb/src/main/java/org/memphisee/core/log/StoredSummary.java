package org.memphisee.core.log;

/**
 * A summary as it lies in the store: its numbers, and its subjects and message ids for whoever wants to see them. They are
 * visited and not collected, so that a batch with many of them costs nothing but time. Valid during the call that shows
 * it; one that was read alone, as long as it is held. One thread at a time.
 */
public interface StoredSummary {

    /** Lowest sequence in the batch; its key. */
    long firstSequence();

    /** Highest sequence in the batch. */
    long lastSequence();

    /** Messages in it. */
    int count();

    /** Store time of the first message, nanoseconds since the epoch. */
    long firstTimestampNanos();

    /** Store time of the last message. */
    long lastTimestampNanos();

    /** Accounted bytes of its messages. */
    long storedBytes();

    /** Length of the record. */
    int recordBytes();

    /** Shows each subject. */
    void visitSubjects(SubjectVisitor visitor) throws StoreException;

    /** Shows each message id. */
    void visitIds(IdVisitor visitor) throws StoreException;

    /** Receives subjects: the text is in the slice. */
    interface SubjectVisitor {

        /**
         * One subject of the batch.
         *
         * @param first its first sequence in the batch
         * @param last its last sequence in the batch
         * @param count its messages in the batch
         * @param lastBytes accounted bytes of the last one, 0 when the summary is too old to know
         */
        void subject(byte[] bytes, int offset, int length, long first, long last, int count, int lastBytes)
            throws StoreException;
    }

    /** Receives message ids: the text is in the slice. */
    interface IdVisitor {
        void id(byte[] bytes, int offset, int length, long sequence, long timestampNanos);
    }
}

package org.memphisee.core.partition.log;

import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.log.BatchSummary;

/**
 * What is stored of a partition, read without a partition: for tools that look at a store. Trusts nothing: a record that
 * was damaged before it got its checksum is named, not followed. Thread-safe, for it keeps nothing.
 */
public final class StoredFormats {

    private StoredFormats() { }

    /** A stored value that cannot be what it should be; the message says why and begins with a verb. */
    public static final class FormatException extends Exception {
        private static final long serialVersionUID = 1;

        FormatException(String message) {
            super(message);
        }
    }

    /**
     * A partition's state.
     *
     * @param first first stored sequence, last + 1 when empty
     * @param last last sequence given out
     */
    public record State(long first, long last) { }

    /** Reads a partition's state. */
    public static State state(byte[] content) throws FormatException {
        try {
            PartitionState state = PartitionState.decode(content);
            return new State(state.first(), state.last());
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new FormatException("cannot be read: " + e);
        }
    }

    /**
     * Reads tombstones.
     *
     * @return tells by its distance from the batch's first sequence whether a message is gone
     */
    public static LongPredicate tombstones(byte[] content) throws FormatException {
        try {
            Removed removed = Removed.decode(content);
            return distance -> distance >= 0 && distance <= Integer.MAX_VALUE && removed.contains((int) distance);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new FormatException("cannot be read: " + e);
        }
    }

    /** Compares a record with its summary. */
    public static void check(BatchSummary summary, byte[] record) throws FormatException {
        if (record.length != summary.recordBytes()) {
            throw new FormatException("has " + record.length + " bytes, its summary says " + summary.recordBytes());
        }
        long[] seen = {0, 0, 0};
        messages(record, m -> {
            seen[0]++;
            seen[1] = seen[0] == 1 ? m.sequence() : seen[1];
            seen[2] = m.sequence();
        });
        if (seen[0] == 0 && summary.count() == 0) {
            return; // it only holds ids of messages that were not stored
        }
        if (seen[0] != summary.count() || seen[1] != summary.firstSequence() || seen[2] != summary.lastSequence()) {
            throw new FormatException("holds " + seen[0] + " messages from " + seen[1] + " to " + seen[2]
                + ", its summary says " + summary.count() + " from " + summary.firstSequence() + " to "
                + summary.lastSequence());
        }
    }

    /** Reads the messages of a record, in order. Those before a damaged one were given out when it throws. */
    public static void messages(byte[] record, Consumer<StoredMessage> messages) throws FormatException {
        if (record.length < MessageBatch.HEADER || record[0] != MessageBatch.VERSION) {
            throw new FormatException("is no batch record of version " + MessageBatch.VERSION);
        }
        MessageView view = new MessageView();
        long before = Long.MIN_VALUE;
        int count = MessageBatch.count(record);
        for (int k = 0; k < count; k++) {
            StoredMessage message;
            try {
                MessageBatch.view(record, k, view);
                int payload = view.bodyOffset + view.headerLength;
                message = new StoredMessage(
                    new String(record, view.subjectOffset, view.subjectLength, StandardCharsets.UTF_8), view.sequence,
                    view.timestampNanos, Arrays.copyOfRange(record, view.bodyOffset, payload),
                    Arrays.copyOfRange(record, payload, Math.addExact(payload, view.payloadLength)));
                if (view.headerLength < 0 || view.payloadLength < 0 || payload + view.payloadLength > record.length
                    || view.sequence <= before) {
                    throw new FormatException("has a wrong entry " + k + " of " + count);
                }
            } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
                throw new FormatException("has a wrong entry " + k + " of " + count);
            }
            before = view.sequence;
            messages.accept(message);
        }
    }
}

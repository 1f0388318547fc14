package org.memphisee.core.cluster.journal;

import java.util.Objects;

/**
 * An entry of a group's log. The array is not changed after it was handed over.
 *
 * @param index its place, from 1
 * @param term of the leader that made it, at least 0
 * @param bytes holds it
 * @param offset where it begins
 * @param length its bytes
 */
public record JournalEntry(long index, long term, byte[] bytes, int offset, int length) {

    public JournalEntry {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (index < 1 || term < 0) {
            throw new IllegalArgumentException("entry " + index + " of term " + term);
        }
    }

    /** One that is the whole array. */
    public JournalEntry(long index, long term, byte[] bytes) {
        this(index, term, bytes, 0, bytes.length);
    }
}

package org.memphisee.core.station;

import java.nio.charset.StandardCharsets;

/** What a partition knows of one subject. Shard's thread only. */
final class SubjectEntry {

    final String subject;
    final byte[] bytes;
    /** Last sequence assigned, committed or not; 0 for none stored. */
    long assignedLast;
    /** Messages assigned and not yet committed. */
    int uncommitted;
    /** Committed messages stored. */
    long count;
    /** Last committed sequence. */
    long last;
    /** Scratch of the batch being built. */
    long batchFirst;
    long batchLast;
    int batchCount;
    /** Stored and assigned sequences, oldest first; kept only where a per-subject limit is set. */
    SequenceQueue sequences;

    SubjectEntry(byte[] bytes) {
        this.bytes = bytes;
        this.subject = new String(bytes, StandardCharsets.UTF_8);
    }
}

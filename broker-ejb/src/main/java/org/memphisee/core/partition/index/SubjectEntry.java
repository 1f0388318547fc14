package org.memphisee.core.partition.index;

import java.nio.charset.StandardCharsets;

/** What a partition knows of one subject in use. Shard's thread only. */
public final class SubjectEntry {

    /** Bytes of memory of an entry beside its text, with its place in the index. */
    static final long FIXED_BYTES = 176;

    public final byte[] bytes;
    /** Last sequence assigned, committed or not; 0 for none stored. */
    public long assignedLast;
    /** Messages assigned and not yet committed. */
    public int uncommitted;
    /** Committed messages stored. */
    public long count;
    /** Last committed sequence. */
    public long last;
    /** Scratch of the batch being built. */
    public long batchFirst;
    public long batchLast;
    public int batchCount;
    public int batchLastBytes;
    /** Accounted bytes of the last committed message, 0 when not known. */
    public int lastBytes;
    /** Last committed sequence before the last batch in which it was. */
    public long lastBefore;
    public int lastBeforeBytes;
    /** Stored and assigned sequences, oldest first; kept only where a subject may have several, but not any number. */
    public SequenceQueue sequences;
    /** Neighbours in the index, in the order of use. */
    SubjectEntry newer;
    SubjectEntry older;
    /** Used since it was last looked at for leaving. */
    boolean used;
    /** Also in the table of cold subjects, where it may be out of date. */
    boolean cold;
    /** Somebody is about to look at it. */
    boolean awaited;

    public SubjectEntry(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Its text; made anew each time, because for most subjects nobody asks. */
    public String subject() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    long memory() {
        return FIXED_BYTES + bytes.length + (sequences == null ? 0 : sequences.memory());
    }

    /** Whether all that is known of it fits into the table of cold subjects. */
    boolean mayGetCold() {
        return uncommitted == 0 && batchCount == 0 && !awaited && count > 0 && count <= Integer.MAX_VALUE
            && sequences == null;
    }

    /** Its number for the table of cold subjects. */
    int coldInfo() {
        return count == 1 && lastBytes > 0 ? -lastBytes : (int) count;
    }
}

package org.memphisee.core.consumer;

/**
 * A window on one stored message inside its batch; filled by {@link PartitionView}, valid until the next fill.
 * Mutable on purpose: one instance serves a whole turn without garbage. Confined to the shard's thread.
 */
public final class MessageView {
    /** Array that holds the batch. */
    public byte[] bytes;
    /** Where the stored subject begins. */
    public int subjectOffset;
    /** Its length in bytes. */
    public int subjectLength;
    /** Where header block, then payload, begin. */
    public int bodyOffset;
    /** Length of the header block, 0 for none. */
    public int headerLength;
    /** Length of the payload. */
    public int payloadLength;
    /** Sequence in the partition. */
    public long sequence;
    /** Store time, nanoseconds since the epoch. */
    public long timestampNanos;
}

package org.memphisee.core.partition.log;

import java.nio.ByteBuffer;

/**
 * The few numbers of a partition that its batches do not tell. Version 1.
 *
 * @param first first stored sequence, last + 1 when empty
 * @param last last sequence given out
 * @param lastTimeNanos its store time
 */
public record PartitionState(long first, long last, long lastTimeNanos) {

    private static final byte VERSION = 1;

    public static byte[] encode(long first, long last, long lastTimeNanos) {
        return ByteBuffer.allocate(25).put(VERSION).putLong(first).putLong(last).putLong(lastTimeNanos).array();
    }

    public static PartitionState decode(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("partition state of unknown version " + version);
        }
        return new PartitionState(in.getLong(), in.getLong(), in.getLong());
    }
}

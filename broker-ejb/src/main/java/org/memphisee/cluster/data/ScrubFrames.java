package org.memphisee.cluster.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.cluster.node.NodeFrames;

/**
 * What nodes say to each other of the checksums of their records, big endian, behind version and kind of all frames. Stateless.
 *
 * <p>{@link #CHECK}: number of the question (8), group (8), partition (8), records (4), each: first and last sequence (8, 8),
 * messages (4), bytes (4), CRC32C (4). {@link #CHECKED}: number (8), records that are different (4), each: first sequence (8),
 * CRC32C (4). {@link #WRONG}: group (8), partition (8), a record as in the question: what a majority has.
 */
final class ScrubFrames {

    static final int CHECK = 72;
    static final int CHECKED = 73;
    static final int WRONG = 74;
    private static final int SUM = 2 * Long.BYTES + 3 * Integer.BYTES;

    private ScrubFrames() { }

    /** A batch and what its record sums up to. */
    record Sum(RebuildFrames.Batch batch, int crc) { }

    /** A record of another content. */
    record Other(long first, int crc) { }

    static byte[] check(long number, long group, long partition, List<Sum> sums) {
        ByteBuffer out = NodeFrames.begin(CHECK, 3 * Long.BYTES + Integer.BYTES + sums.size() * SUM).putLong(number).putLong(group)
            .putLong(partition).putInt(sums.size());
        sums.forEach(sum -> put(out, sum));
        return out.array();
    }

    private static void put(ByteBuffer out, Sum sum) {
        RebuildFrames.Batch b = sum.batch();
        out.putLong(b.first()).putLong(b.last()).putInt(b.count()).putInt(b.bytes()).putInt(sum.crc());
    }

    static List<Sum> sums(ByteBuffer in) {
        int count = count(in, SUM);
        List<Sum> sums = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sums.add(sum(in));
        }
        return sums;
    }

    static Sum sum(ByteBuffer in) {
        return new Sum(new RebuildFrames.Batch(in.getLong(), in.getLong(), in.getInt(), in.getInt()), in.getInt());
    }

    private static int count(ByteBuffer in, int least) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / least) {
            throw new BufferUnderflowException();
        }
        return count;
    }

    static byte[] checked(long number, List<Other> others) {
        ByteBuffer out = NodeFrames.begin(CHECKED, Long.BYTES + Integer.BYTES + others.size() * (Long.BYTES + Integer.BYTES))
            .putLong(number).putInt(others.size());
        others.forEach(other -> out.putLong(other.first()).putInt(other.crc()));
        return out.array();
    }

    static List<Other> others(ByteBuffer in) {
        int count = count(in, Long.BYTES + Integer.BYTES);
        List<Other> others = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            others.add(new Other(in.getLong(), in.getInt()));
        }
        return others;
    }

    static byte[] wrong(long group, long partition, Sum right) {
        ByteBuffer out = NodeFrames.begin(WRONG, 2 * Long.BYTES + SUM).putLong(group).putLong(partition);
        put(out, right);
        return out.array();
    }
}

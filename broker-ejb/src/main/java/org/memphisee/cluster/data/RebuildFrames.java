package org.memphisee.cluster.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.core.replication.GroupPosition;

/**
 * What a member that rebuilds a group and the one who leads it say to each other, big endian, behind version and kind of all
 * frames: what (1), group (8), life of the member's rebuild (8), then as below. Stateless.
 */
final class RebuildFrames {

    /** Of all frames about rebuilding. */
    static final int KIND = 46;
    static final byte ASK = 1;
    static final byte BEGIN = 2;
    static final byte BATCHES = 3;
    static final byte SMALL = 4;
    static final byte RECORD = 5;
    static final byte END = 6;
    static final byte FETCH = 7;
    static final byte GONE = 8;
    /** Of a record, or of a list, in one frame. */
    static final int PIECE_BYTES = 256 << 10;
    /** What each frame begins with. */
    static final int HEAD = 1 + 2 * Long.BYTES;
    private static final int BATCH = 2 * Long.BYTES + 2 * Integer.BYTES;
    static final int BATCHES_PER_FRAME = PIECE_BYTES / BATCH;

    private RebuildFrames() { }

    /**
     * A batch as a list has it. Only what was decided gets into a store, and a sequence has one content: so the same numbers mean
     * the same batch.
     */
    record Batch(long first, long last, int count, int bytes) { }

    /** What is stored of a partition. */
    record Key(long partition, long first) { }

    /** The beginning of a frame. */
    static ByteBuffer begin(byte what, long group, long life, int bytes) {
        return NodeFrames.begin(KIND, HEAD + bytes).put(what).putLong(group).putLong(life);
    }

    static byte[] ask(long group, long life, boolean lost, long last, List<Key> missing) {
        ByteBuffer out = begin(ASK, group, life, 1 + Long.BYTES + Integer.BYTES + missing.size() * 2 * Long.BYTES)
            .put((byte) (lost ? 1 : 0)).putLong(last).putInt(missing.size());
        missing.forEach(key -> out.putLong(key.partition()).putLong(key.first()));
        return out.array();
    }

    static List<Key> keys(ByteBuffer in) {
        int count = count(in, 2 * Long.BYTES);
        List<Key> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(new Key(in.getLong(), in.getLong()));
        }
        return keys;
    }

    private static int count(ByteBuffer in, int least) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / least) {
            throw new BufferUnderflowException();
        }
        return count;
    }

    static void put(ByteBuffer out, GroupPosition at) {
        out.putLong(at.index()).putLong(at.term()).putLong(at.epoch()).putLong(at.ordinal());
    }

    static GroupPosition position(ByteBuffer in) {
        return new GroupPosition(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    static byte[] batches(long group, long life, long number, long partition, List<Batch> batches) {
        ByteBuffer out = begin(BATCHES, group, life, 2 * Long.BYTES + Integer.BYTES + batches.size() * BATCH).putLong(number)
            .putLong(partition).putInt(batches.size());
        batches.forEach(b -> out.putLong(b.first()).putLong(b.last()).putInt(b.count()).putInt(b.bytes()));
        return out.array();
    }

    static List<Batch> batches(ByteBuffer in) {
        int count = count(in, BATCH);
        List<Batch> batches = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            batches.add(new Batch(in.getLong(), in.getLong(), in.getInt(), in.getInt()));
        }
        return batches;
    }

    static byte[] rest(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }
}

package org.memphisee.cluster.data;

import java.nio.ByteBuffer;

import org.memphisee.cluster.node.NodeFrames;

/**
 * What a node that has a damaged record and one that may have it whole say to each other, big endian, behind version and kind of
 * all frames. Stateless.
 *
 * <p>{@link #ASK}: number of the question (8), group (8), partition (8), first and last sequence (8, 8), messages (4), bytes (4).
 * {@link #ANSWER}: number (8), what (1), and with a record: length of all (4), where this piece begins (4), bytes.
 */
final class RepairFrames {

    /** Wants a record. */
    static final int ASK = 70;
    /** Has it, or not. */
    static final int ANSWER = 71;
    /** A piece of the batch, as an entry. */
    static final byte PIECE = 1;
    /** Its own is damaged as well. */
    static final byte DAMAGED = 2;
    /** It has not got a batch with these numbers: it has another part of the group's log applied. */
    static final byte OTHER = 3;
    private static final int BATCH = 2 * Long.BYTES + 2 * Integer.BYTES;

    private RepairFrames() { }

    /** A batch of a partition of a group. */
    record Wanted(long group, long partition, RebuildFrames.Batch batch) {
        RebuildFrames.Key key() {
            return new RebuildFrames.Key(partition, batch.first());
        }
    }

    static byte[] ask(long number, Wanted wanted) {
        RebuildFrames.Batch b = wanted.batch();
        return NodeFrames.begin(ASK, 3 * Long.BYTES + BATCH).putLong(number).putLong(wanted.group()).putLong(wanted.partition())
            .putLong(b.first()).putLong(b.last()).putInt(b.count()).putInt(b.bytes()).array();
    }

    /** Behind the number. */
    static Wanted wanted(ByteBuffer in) {
        return new Wanted(in.getLong(), in.getLong(), new RebuildFrames.Batch(in.getLong(), in.getLong(), in.getInt(), in.getInt()));
    }

    static byte[] no(long number, byte why) {
        return NodeFrames.begin(ANSWER, Long.BYTES + 1).putLong(number).put(why).array();
    }

    static byte[] piece(long number, byte[] all, int at) {
        int bytes = Math.min(RebuildFrames.PIECE_BYTES, all.length - at);
        return NodeFrames.begin(ANSWER, Long.BYTES + 1 + 2 * Integer.BYTES + bytes).putLong(number).put(PIECE).putInt(all.length)
            .putInt(at).put(all, at, bytes).array();
    }
}

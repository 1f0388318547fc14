package org.memphisee.core.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.log.EncodedSummary;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/**
 * The changes of an entry as bytes. Numbers of kinds are never changed and never used again; what is to come takes the next.
 *
 * <p>1 batch: length of the summary (4), summary, record. 2 merge: CRC32C of the result (4), keys (8 each). 3 dropped
 * batches: keys (8 each). 4 tombstones: key of the batch (8), tombstones. 5 partition state. 6 cursor: consumer (8), state.
 * 7 dropped cursor: consumer (8). 8 definition: event. 9 leader: name of the node, UTF-8. 8 and 9 belong to no partition.
 */
final class ChangeCodec {

    private static final int BATCH = 1;
    private static final int MERGE = 2;
    private static final int DROP_BATCHES = 3;
    private static final int TOMBSTONES = 4;
    private static final int STATE = 5;
    private static final int CURSOR = 6;
    private static final int DROP_CURSOR = 7;
    private static final int DEFINITION = 8;
    private static final int LEADER = 9;
    private static final long NO_PARTITION = 0;
    private static final byte[] NOTHING = {};

    private ChangeCodec() { }

    /**
     * A change as bytes in two pieces, so that what is large is copied once.
     *
     * @param kind its number
     * @param partition where it belongs
     * @param head first bytes
     * @param tail holds the other bytes
     * @param offset where these begin
     * @param length how many these are
     */
    record Encoded(int kind, long partition, byte[] head, byte[] tail, int offset, int length) {
        Encoded {
            if (!belongs(kind, partition)) {
                throw new IllegalArgumentException("a change of kind " + kind + " to partition " + partition);
            }
        }

        /** All its bytes. */
        long size() {
            return (long) head.length + length;
        }
    }

    private static boolean belongs(int kind, long partition) {
        return kind >= DEFINITION ? partition == NO_PARTITION : partition > NO_PARTITION;
    }

    /** The bytes of a change. */
    static Encoded encode(EntryChange change) {
        if (change instanceof EntryChange.Batch c) {
            byte[] summary = c.summary().bytes();
            byte[] head = ByteBuffer.allocate(Integer.BYTES + summary.length).putInt(summary.length).put(summary).array();
            return new Encoded(BATCH, c.partition(), head, c.record(), c.offset(), c.length());
        }
        if (change instanceof EntryChange.Merge c) {
            ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + Long.BYTES * c.replaced().size()).putInt(c.resultCrc());
            c.replaced().forEach(head::putLong);
            return new Encoded(MERGE, c.partition(), head.array(), NOTHING, 0, 0);
        }
        if (change instanceof EntryChange.Definition c) {
            return all(DEFINITION, NO_PARTITION, NOTHING, c.event());
        }
        if (change instanceof EntryChange.Leader c) {
            return all(LEADER, NO_PARTITION, NOTHING, c.node().getBytes(StandardCharsets.UTF_8));
        }
        return encode(((EntryChange.Stored) change).change());
    }

    private static Encoded encode(StoreChange change) {
        if (change instanceof StoreChange.DropBatches c) {
            ByteBuffer keys = ByteBuffer.allocate(Long.BYTES * c.firstSequences().size());
            c.firstSequences().forEach(keys::putLong);
            return all(DROP_BATCHES, c.partition(), keys.array(), NOTHING);
        }
        if (change instanceof StoreChange.PutTombstones c) {
            return all(TOMBSTONES, c.partition(), bytes(c.firstSequence()), c.tombstones());
        }
        if (change instanceof StoreChange.PutPartitionState c) {
            return all(STATE, c.partition(), NOTHING, c.state());
        }
        if (change instanceof StoreChange.PutCursor c) {
            return all(CURSOR, c.partition(), bytes(c.consumer()), c.state());
        }
        if (change instanceof StoreChange.DropCursor c) {
            return all(DROP_CURSOR, c.partition(), bytes(c.consumer()), NOTHING);
        }
        throw new IllegalStateException("not in entries: " + change.getClass());
    }

    private static Encoded all(int kind, long partition, byte[] head, byte[] tail) {
        return new Encoded(kind, partition, head, tail, 0, tail.length);
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /**
     * Reads a change.
     *
     * @param in exactly its bytes
     * @return null when the kind is unknown
     * @throws IllegalArgumentException when it contradicts itself
     */
    static EntryChange decode(int kind, long partition, ByteBuffer in) throws DamagedEntryException {
        if (kind < BATCH || kind > LEADER) {
            return null;
        }
        if (!belongs(kind, partition)) {
            throw new DamagedEntryException("has a change of kind " + kind + " to partition " + partition, null);
        }
        EntryChange change = switch (kind) {
            case BATCH -> batch(partition, in);
            case MERGE -> {
                int crc = number(in);
                yield new EntryChange.Merge(partition, keys(in), crc);
            }
            case DEFINITION -> new EntryChange.Definition(rest(in));
            case LEADER -> new EntryChange.Leader(text(in));
            default -> new EntryChange.Stored(stored(kind, partition, in));
        };
        if (in.hasRemaining()) {
            throw new DamagedEntryException("has " + in.remaining() + " bytes too many in a change of kind " + kind, null);
        }
        return change;
    }

    private static StoreChange stored(int kind, long partition, ByteBuffer in) throws DamagedEntryException {
        return switch (kind) {
            case DROP_BATCHES -> new StoreChange.DropBatches(partition, keys(in));
            case TOMBSTONES -> new StoreChange.PutTombstones(partition, longNumber(in), rest(in));
            case STATE -> new StoreChange.PutPartitionState(partition, rest(in));
            case CURSOR -> new StoreChange.PutCursor(partition, longNumber(in), rest(in));
            default -> new StoreChange.DropCursor(partition, longNumber(in));
        };
    }

    private static EntryChange batch(long partition, ByteBuffer in) throws DamagedEntryException {
        int length = number(in);
        byte[] bytes = new byte[length(in, length)];
        in.get(bytes);
        EncodedSummary summary = summary(bytes);
        int offset = in.position();
        in.position(in.limit());
        return new EntryChange.Batch(partition, summary, in.array(), offset, in.limit() - offset);
    }

    /** A summary that was looked at to its end, so that nobody meets damage later. */
    private static EncodedSummary summary(byte[] bytes) throws DamagedEntryException {
        try {
            EncodedSummary summary = new EncodedSummary(bytes, e -> new StoreException(e.getMessage(), e, false));
            summary.visitIds((b, offset, length, sequence, time) -> { });
            summary.visitSubjects((b, offset, length, first, last, count, lastBytes) -> { });
            return summary;
        } catch (IOException e) {
            throw new DamagedEntryException("has a summary that " + e.getMessage(), e);
        }
    }

    private static List<Long> keys(ByteBuffer in) throws DamagedEntryException {
        if (in.remaining() % Long.BYTES != 0) {
            throw new DamagedEntryException("has keys of " + in.remaining() + " bytes", null);
        }
        List<Long> keys = new ArrayList<>(in.remaining() / Long.BYTES);
        while (in.hasRemaining()) {
            keys.add(in.getLong());
        }
        return keys;
    }

    private static String text(ByteBuffer in) throws DamagedEntryException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            throw new DamagedEntryException("has a name that is no text", e);
        }
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    private static int number(ByteBuffer in) throws DamagedEntryException {
        length(in, Integer.BYTES);
        return in.getInt();
    }

    private static long longNumber(ByteBuffer in) throws DamagedEntryException {
        length(in, Long.BYTES);
        return in.getLong();
    }

    /** A length that is there. */
    private static int length(ByteBuffer in, int length) throws DamagedEntryException {
        if (length < 0 || length > in.remaining()) {
            throw new DamagedEntryException("claims " + length + " bytes of a change that has " + in.remaining() + " left", null);
        }
        return length;
    }
}

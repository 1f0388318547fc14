package org.memphisee.core.replication;

import java.nio.ByteBuffer;

import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;

/**
 * Up to where a node's store has what a group decided. Written with each entry, in the same transaction, so that an entry is
 * applied once. It lies in the store as the state of a partition that no stream has (ADR 0142); format: version 1, or 2 while
 * the group is being rebuilt (1), index (8), term (8), epoch (8), ordinal (8), big endian. Immutable.
 *
 * @param index place of the last entry in the group's log, 0 for none
 * @param term of the leader that made it
 * @param epoch of the last entry that was not void, 0 for none
 * @param ordinal its place in the epoch
 * @param whole whether the store has what the group decided up to here, and nothing else; not while it is being rebuilt
 */
public record GroupPosition(long index, long term, long epoch, long ordinal, boolean whole) {

    /** Number of the group of the definitions on all nodes. */
    public static final long DEFINITIONS = 1;
    /** Nothing was applied. */
    public static final GroupPosition BEGIN = new GroupPosition(0, 0, 0, 0);

    private static final byte VERSION = 1;
    private static final byte REBUILDING = 2;
    private static final int BYTES = 1 + 4 * Long.BYTES;
    /** Beside those of dead letters, which have the bit above. */
    private static final long GROUPS = 1L << 61;
    private static final int ATTEMPT_BITS = 16;

    /** Of a store that has all of it. */
    public GroupPosition(long index, long term, long epoch, long ordinal) {
        this(index, term, epoch, ordinal, true);
    }

    /** The same of a store that is being made to have something else. */
    public GroupPosition rebuilding() {
        return new GroupPosition(index, term, epoch, ordinal, false);
    }

    /** The epoch of the leadership of a term. */
    public static long epoch(long term) {
        return term << ATTEMPT_BITS;
    }

    /** Number of the partition under which the position of a group is stored; whoever names the known partitions names it. */
    public static long partition(long group) {
        return group | GROUPS;
    }

    /** What the store has; {@link #BEGIN} when it has nothing of the group. */
    public static GroupPosition read(LogStore store, long group) throws StoreException {
        Found found = new Found();
        store.recoverPartition(partition(group), found);
        return found.position;
    }

    /** Whether an entry takes effect behind this; one that does not is void. */
    boolean continuedBy(Entry entry) {
        return entry.kind() == EntryKind.LEAD ? entry.epoch() > epoch : entry.epoch() == epoch && entry.ordinal() == ordinal + 1;
    }

    /** Behind an entry that took effect. */
    GroupPosition after(long entryIndex, long entryTerm, Entry entry) {
        return new GroupPosition(entryIndex, entryTerm, entry.epoch(), entry.ordinal());
    }

    /** Behind one that was void. */
    GroupPosition afterVoid(long entryIndex, long entryTerm) {
        return new GroupPosition(entryIndex, entryTerm, epoch, ordinal);
    }

    /** As it is stored. */
    public StoreChange change(long group) {
        return new StoreChange.PutPartitionState(partition(group), ByteBuffer.allocate(BYTES).put(whole ? VERSION : REBUILDING).putLong(index)
            .putLong(term).putLong(epoch).putLong(ordinal).array());
    }

    private static GroupPosition decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = bytes.length == BYTES ? in.get() : 0;
        if (version != VERSION && version != REBUILDING) {
            throw new IllegalStateException("the position of a replication group has " + bytes.length + " bytes of version "
                + (bytes.length == 0 ? "none" : bytes[0]) + ", readable is version " + VERSION + " of " + BYTES);
        }
        return new GroupPosition(in.getLong(), in.getLong(), in.getLong(), in.getLong(), version == VERSION);
    }

    /** Only a state is ever stored there. */
    private static final class Found implements LogStore.PartitionVisitor {
        private GroupPosition position = BEGIN;

        @Override
        public void state(byte[] state) {
            position = decode(state);
        }

        @Override
        public void tombstones(long firstSequence, byte[] tombstones) {
            throw new IllegalStateException("the position of a replication group has tombstones");
        }

        @Override
        public void batch(StoredSummary summary) {
            throw new IllegalStateException("the position of a replication group has messages");
        }

        @Override
        public void cursor(long consumer, byte[] state) {
            throw new IllegalStateException("the position of a replication group has a cursor");
        }
    }
}

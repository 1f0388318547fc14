package org.memphisee.core.log;

import java.util.List;
import java.util.Set;

/**
 * Where everything that must survive is kept. The durability contract: after {@link #write} with {@code sync} returned,
 * all its changes survive a crash of process and machine; either all of them are there afterwards or none.
 *
 * <p>After a StoreException from a write or sync nothing further is accepted (P3): the store must be recovered by a
 * restart. A full disk ({@link StoreException#full()}) is another matter: nothing of the refused write is there, the store
 * stays usable, and takes the same write when there is room. Batches are refused first: the same write without them may
 * pass.
 */
public interface LogStore extends AutoCloseable {

    /** Applies the changes in order, in one transaction. One caller at a time (the log writer). */
    void write(List<StoreChange> changes, boolean sync) throws StoreException;

    /** Makes everything written so far durable. One caller at a time, as above. */
    void sync() throws StoreException;

    /** The snapshot of the system log and the events after it, in order. Before any write. */
    void recoverSystemLog(SystemLogVisitor visitor) throws StoreException;

    /**
     * All that is stored of one partition: state, then tombstones, batches ascending, cursors. No payload is read; batches
     * are shown one by one, so that it takes no more memory for more of them.
     */
    void recoverPartition(long partition, PartitionVisitor visitor) throws StoreException;

    /** Removes partitions that are not named: leftovers of deletions. Before any write. */
    void retainPartitions(Set<Long> known) throws StoreException;

    /** One batch record, exactly as it was put; checksum verified. Any thread. */
    byte[] readBatch(long partition, long firstSequence) throws StoreException;

    /** The summary of one batch, which may be looked at on another thread. Any thread. */
    StoredSummary readSummary(long partition, long firstSequence) throws StoreException;

    /**
     * Records of a side log. A damaged one is there and says so. Any thread.
     *
     * @param from the first number to look at
     * @param upwards whether to go to higher numbers, or to lower ones
     * @param max so many at most
     */
    List<SideRecord> readSideLog(SideLog log, long from, boolean upwards, int max) throws StoreException;

    /** Use of space. Any thread, cheap enough for once a second. */
    Usage usage();

    @Override
    void close() throws StoreException;

    /**
     * Use of space in bytes.
     *
     * @param stored bytes on disk that belong to the store
     * @param free bytes that the disk has left
     */
    record Usage(long stored, long free) { }

    /** Receives the system log. */
    interface SystemLogVisitor {
        void snapshot(long index, byte[] snapshot);

        void event(long index, byte[] event);
    }

    /** Receives a partition. */
    interface PartitionVisitor {
        void state(byte[] state);

        void tombstones(long firstSequence, byte[] tombstones);

        void batch(StoredSummary summary) throws StoreException;

        void cursor(long consumer, byte[] state);
    }
}

package org.memphisee.store.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;

import org.memphisee.core.log.DamagedException;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;

/**
 * A store in memory with a disk of chosen character. A crash ({@link #crash}) or a clean end ({@link #close}) leaves
 * the disk; {@link #reopen} gives the store that a restarted process finds on it.
 */
public final class MemoryLogStore implements LogStore {

    /** What a crash leaves of writes that were not synced. */
    public enum Disk {
        /** Everything: as when only the process dies. */
        KEEPS,
        /** Nothing: as when the machine loses power. */
        FORGETS
    }

    /** At which moment of a write the power goes. */
    public enum Moment {
        /** Nothing of it is on the disk. */
        BEFORE,
        /** It is durable, and nobody hears of that any more. */
        AFTER
    }

    private final Disk disk;
    private final Set<Batch> corrupt = new HashSet<>();
    /** What is read; ahead of {@link #durable} by {@link #unsynced}. */
    private MemoryImage image;
    private MemoryImage durable;
    private final List<StoreChange> unsynced = new ArrayList<>();
    private long freeBytes = Long.MAX_VALUE;
    private boolean failNextWrite;
    private boolean failNextSync;
    private StoreException failure;
    private boolean closed;
    private long syncs;
    private Runnable wait = () -> { };
    /** Writes until the power goes, 0 for never. */
    private int writesLeft;
    private Moment cut = Moment.BEFORE;
    /** What a restart finds after the power went during a write; null before that. */
    private MemoryImage survivor;

    public MemoryLogStore(Disk disk) {
        this(disk, new MemoryImage());
    }

    private MemoryLogStore(Disk disk, MemoryImage found) {
        this.disk = disk;
        this.image = found;
        this.durable = found.copy();
    }

    /** Ends this store as a crash does; what {@link #reopen} finds depends on the disk, and on when the power went. */
    public synchronized void crash() {
        if (survivor != null) {
            image = survivor;
            durable = survivor.copy();
            unsynced.clear();
        } else if (disk == Disk.FORGETS) {
            image = durable.copy();
            unsynced.clear();
        }
        closed = true;
    }

    /** The store that a new process finds on the disk of this one, which must have crashed or been closed. */
    public synchronized MemoryLogStore reopen() {
        if (!closed) {
            throw new IllegalStateException("Close the store or let it crash first");
        }
        MemoryLogStore next = new MemoryLogStore(disk, image.copy());
        next.freeBytes = freeBytes;
        next.corrupt.addAll(corrupt);
        return next;
    }

    /** The next write fails and changes nothing; the store accepts nothing afterwards. */
    public synchronized void failNextWrite() {
        failNextWrite = true;
    }

    /** The next sync, alone or of a write, fails: what it was for may be lost in a crash. */
    public synchronized void failNextSync() {
        failNextSync = true;
    }

    /**
     * The power goes during the so-many-th write from now. Whoever writes does not notice: the store goes on, so that one
     * thread can finish what it does, but nothing of that is found after {@link #crash}.
     */
    public synchronized void cutPower(int writes, Moment moment) {
        writesLeft = writes;
        cut = moment;
    }

    /** Whether the power has gone: what happens from now on has not happened. */
    public synchronized boolean powerCut() {
        return survivor != null;
    }

    /** Each write and sync waits for this: a slow disk. */
    public synchronized void waitFor(Runnable disturbance) {
        wait = disturbance;
    }

    /** Bytes left on the disk: a write whose records need more is refused as full. */
    public synchronized void free(long bytes) {
        freeBytes = bytes;
    }

    /** Reading this batch reports damage from now on. */
    public synchronized void corruptBatch(long partition, long firstSequence) {
        corrupt.add(new Batch(partition, firstSequence));
    }

    /** One bit of a batch's record changes on the disk, unseen until it is read. */
    public synchronized void flipBit(long partition, long firstSequence, int bit) {
        image.flipBit(partition, firstSequence, bit);
        durable.flipBit(partition, firstSequence, bit);
    }

    /** First sequences of the batches of a partition, ascending. */
    public synchronized List<Long> batches(long partition) {
        return List.copyOf(image.batches(partition).keySet());
    }

    /** A store on the same disk with every damage mended. */
    public synchronized MemoryLogStore mended() {
        MemoryLogStore next = new MemoryLogStore(disk, image.copy());
        next.freeBytes = freeBytes;
        next.durable = durable.copy();
        next.unsynced.addAll(unsynced);
        return next;
    }

    /** Syncs that succeeded. */
    public synchronized long syncs() {
        return syncs;
    }

    @Override
    public synchronized void write(List<StoreChange> changes, boolean sync) throws StoreException {
        checkWritable();
        wait.run();
        boolean last = writesLeft > 0 && --writesLeft == 0;
        if (last && cut == Moment.BEFORE) {
            powerGoes();
        }
        long needed = recordBytes(changes);
        if (needed > freeBytes) {
            throw new StoreException("Disk full: " + freeBytes + " bytes free, " + needed
                + " needed; nothing was changed", null, true);
        }
        if (failNextWrite) {
            failNextWrite = false;
            throw fail("Could not write: injected failure");
        }
        for (StoreChange change : changes) {
            StoreChange own = owned(change);
            image.apply(own);
            unsynced.add(own);
        }
        freeBytes -= freeBytes == Long.MAX_VALUE ? 0 : needed;
        if (sync) {
            syncNow();
        }
        if (last && cut == Moment.AFTER) {
            powerGoes();
        }
    }

    private void powerGoes() {
        survivor = disk == Disk.FORGETS ? durable.copy() : image.copy();
    }

    @Override
    public synchronized void sync() throws StoreException {
        checkWritable();
        wait.run();
        syncNow();
    }

    private void syncNow() throws StoreException {
        if (failNextSync) {
            failNextSync = false;
            throw fail("Could not sync: injected failure");
        }
        unsynced.forEach(durable::apply);
        unsynced.clear();
        syncs++;
    }

    @Override
    public synchronized void recoverSystemLog(SystemLogVisitor visitor) throws StoreException {
        checkOpen();
        if (image.hasSnapshot()) {
            visitor.snapshot(image.snapshotIndex(), image.snapshot().clone());
        }
        image.eventsAfterSnapshot().forEach((index, event) -> visitor.event(index, event.clone()));
    }

    @Override
    public synchronized void recoverPartition(long partition, PartitionVisitor visitor) throws StoreException {
        checkOpen();
        if (image.hasState(partition)) {
            visitor.state(image.state(partition).clone());
        }
        image.tombstones(partition).forEach((first, bytes) -> visitor.tombstones(first, bytes.clone()));
        for (MemoryImage.Batch batch : image.batches(partition).values()) {
            visitor.batch(batch.summary());
        }
        image.cursors(partition).forEach((consumer, bytes) -> visitor.cursor(consumer, bytes.clone()));
    }

    @Override
    public synchronized Set<Long> retainPartitions(Set<Long> known) throws StoreException {
        checkOpen();
        Set<Long> leftovers = new HashSet<>(image.partitions());
        leftovers.removeAll(known);
        List<StoreChange> drops = new ArrayList<>();
        leftovers.forEach(partition -> drops.add(new StoreChange.DropPartition(partition)));
        if (!drops.isEmpty()) {
            write(drops, true);
        }
        return leftovers;
    }

    @Override
    public synchronized byte[] readBatch(long partition, long firstSequence) throws StoreException {
        checkOpen();
        if (corrupt.contains(new Batch(partition, firstSequence))) {
            throw new DamagedException("Damaged data: batch " + firstSequence + " of partition " + partition, null);
        }
        MemoryImage.Batch batch = image.batches(partition).get(firstSequence);
        if (batch == null) {
            throw new StoreException("Partition " + partition + " has no batch with first sequence " + firstSequence
                + "; it was removed or merged", null, false);
        }
        if (batch.damaged()) {
            throw new DamagedException("Damaged data: batch " + firstSequence + " of partition " + partition, null);
        }
        return Arrays.copyOfRange(batch.record(), batch.offset(), batch.offset() + batch.length());
    }

    @Override
    public synchronized StoredSummary readSummary(long partition, long firstSequence) throws StoreException {
        checkOpen();
        MemoryImage.Batch batch = image.batches(partition).get(firstSequence);
        if (batch == null) {
            throw new StoreException("Partition " + partition + " has no batch with first sequence " + firstSequence
                + "; it was removed or merged", null, false);
        }
        return batch.summary();
    }

    @Override
    public synchronized List<SideRecord> readSideLog(SideLog log, long from, boolean upwards, int max) throws StoreException {
        checkOpen();
        NavigableMap<Long, SideRecord> records = image.sideLog(log);
        return (upwards ? records.tailMap(from, true) : records.headMap(from, true).descendingMap()).values().stream()
            .limit(max).toList();
    }

    @Override
    public synchronized Usage usage() {
        return new Usage(image.storedBytes(), freeBytes);
    }

    /** Like a clean end of the process: everything written is on the disk. */
    @Override
    public synchronized void close() throws StoreException {
        if (closed) {
            return;
        }
        if (failure == null) {
            syncNow();
        }
        closed = true;
    }

    private StoreException fail(String text) {
        failure = new StoreException(text, null, false);
        return failure;
    }

    private void checkWritable() throws StoreException {
        checkOpen();
        if (failure != null) {
            throw new StoreException("Store accepts no changes since an earlier failure: " + failure.getMessage(),
                failure, false);
        }
    }

    private void checkOpen() throws StoreException {
        if (closed) {
            throw new StoreException("Store is closed", null, false);
        }
    }

    private static long recordBytes(List<StoreChange> changes) {
        long sum = 0;
        for (StoreChange change : changes) {
            if (change instanceof StoreChange.PutBatch c) {
                sum += c.length();
            } else if (change instanceof StoreChange.MergeBatches c) {
                sum += c.length();
            }
        }
        return sum;
    }

    /** With the record cut out of the caller's array, which may be much larger. */
    private static StoreChange owned(StoreChange change) {
        if (change instanceof StoreChange.PutBatch c) {
            byte[] record = Arrays.copyOfRange(c.record(), c.offset(), c.offset() + c.length());
            return new StoreChange.PutBatch(c.partition(), c.summary(), record, 0, record.length);
        }
        if (change instanceof StoreChange.MergeBatches c) {
            byte[] record = Arrays.copyOfRange(c.record(), c.offset(), c.offset() + c.length());
            return new StoreChange.MergeBatches(c.partition(), c.replaced(), c.summary(), record, 0, record.length);
        }
        return change;
    }

    private record Batch(long partition, long firstSequence) { }
}

package org.memphisee.cluster.broker;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.memphisee.core.log.DamagedException;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;

/**
 * A store of which values can be damaged: reading them fails until they are written anew. What is damaged is the caller's, so that
 * it is damaged after a restart too.
 */
public final class DamagedStore implements LogStore {

    private final LogStore store;
    private final Set<String> damaged;
    private volatile boolean full;
    private volatile boolean refuses;

    DamagedStore(LogStore store, Set<String> damaged) {
        this.store = store;
        this.damaged = damaged;
    }

    /** First sequences of the batches of a partition. */
    public List<Long> batches(long partition) throws StoreException {
        Set<Long> found = new TreeSet<>();
        store.recoverPartition(partition, new Visitor() {
            @Override
            public void batch(StoredSummary summary) {
                found.add(summary.firstSequence());
            }
        });
        return List.copyOf(found);
    }

    /** The record of a batch is not what was written. */
    public void damage(long partition, long first) {
        damaged.add("batch " + first + " of partition " + partition);
    }

    /** Nor is its summary. */
    public void damageSummary(long partition, long first) {
        damaged.add("the summary of batch " + first + " of partition " + partition);
    }

    /** The record of a batch is another one, with a checksum that fits. */
    public void change(long partition, long first) {
        damaged.add("other " + first + " of partition " + partition);
    }

    /** Whether anything is. */
    public boolean damaged() {
        return !damaged.isEmpty();
    }

    private void look(String what) throws DamagedException {
        if (damaged.contains(what)) {
            throw new DamagedException("Damaged data: " + what, null);
        }
    }

    private void written(long partition, long first) {
        damaged.remove("other " + first + " of partition " + partition);
        damaged.remove("batch " + first + " of partition " + partition);
        damaged.remove("the summary of batch " + first + " of partition " + partition);
    }

    @Override
    public void write(List<StoreChange> changes, boolean sync) throws StoreException {
        if (refuses && changes.stream().anyMatch(StoreChange.PutBatch.class::isInstance)) {
            throw new StoreException("Disk full", null, true);
        }
        store.write(changes, sync);
        for (StoreChange change : changes) {
            if (change instanceof StoreChange.PutBatch c) {
                written(c.partition(), c.summary().firstSequence());
            } else if (change instanceof StoreChange.DropBatches c) {
                c.firstSequences().forEach(first -> written(c.partition(), first));
            } else if (change instanceof StoreChange.MergeBatches c) {
                c.replaced().forEach(first -> written(c.partition(), first));
            }
        }
    }

    @Override
    public void recoverPartition(long partition, PartitionVisitor visitor) throws StoreException {
        store.recoverPartition(partition, new Visitor() {
            @Override
            public void state(byte[] state) {
                visitor.state(state);
            }

            @Override
            public void tombstones(long first, byte[] tombstones) {
                visitor.tombstones(first, tombstones);
            }

            @Override
            public void batch(StoredSummary summary) throws StoreException {
                look("the summary of batch " + summary.firstSequence() + " of partition " + partition);
                visitor.batch(summary);
            }

            @Override
            public void cursor(long consumer, byte[] state) {
                visitor.cursor(consumer, state);
            }
        });
    }

    @Override
    public byte[] readBatch(long partition, long first) throws StoreException {
        look("batch " + first + " of partition " + partition);
        byte[] record = store.readBatch(partition, first);
        if (damaged.contains("other " + first + " of partition " + partition)) {
            record = Arrays.copyOf(record, record.length);
            record[record.length - 1] ^= 1;
        }
        return record;
    }

    @Override
    public StoredSummary readSummary(long partition, long first) throws StoreException {
        look("the summary of batch " + first + " of partition " + partition);
        return store.readSummary(partition, first);
    }

    @Override
    public void sync() throws StoreException {
        store.sync();
    }

    @Override
    public void recoverSystemLog(SystemLogVisitor visitor) throws StoreException {
        store.recoverSystemLog(visitor);
    }

    @Override
    public Set<Long> retainPartitions(Set<Long> known) throws StoreException {
        return store.retainPartitions(known);
    }

    @Override
    public List<SideRecord> readSideLog(SideLog log, long from, boolean upwards, int max) throws StoreException {
        return store.readSideLog(log, from, upwards, max);
    }

    /** Whether its disk has less room than it should have. */
    public void full(boolean now) {
        full = now;
    }

    /** Whether it refuses what is published, since there is no room at all. */
    public void refuses(boolean now) {
        refuses = now;
    }

    @Override
    public Usage usage() {
        return full ? new Usage(store.usage().stored(), 0) : store.usage();
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }

    private static class Visitor implements PartitionVisitor {
        @Override
        public void state(byte[] state) { }

        @Override
        public void tombstones(long first, byte[] tombstones) { }

        @Override
        public void batch(StoredSummary summary) throws StoreException { }

        @Override
        public void cursor(long consumer, byte[] state) { }
    }
}

package org.memphisee.store.memory;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreChange;

/** What a disk holds: maps in key order. Arrays are shared between images and never modified. */
final class MemoryImage {
    private final Map<Long, TreeMap<Long, Batch>> batches = new TreeMap<>();
    private final Map<Long, TreeMap<Long, byte[]>> tombstones = new TreeMap<>();
    private final Map<Long, TreeMap<Long, byte[]>> cursors = new TreeMap<>();
    private final Map<Long, byte[]> states = new TreeMap<>();
    private final TreeMap<Long, byte[]> events = new TreeMap<>();
    private final Map<SideLog, TreeMap<Long, SideRecord>> sideLogs = new EnumMap<>(SideLog.class);
    private long snapshotIndex;
    private byte[] snapshot;

    MemoryImage copy() {
        MemoryImage copy = new MemoryImage();
        batches.forEach((partition, of) -> copy.batches.put(partition, new TreeMap<>(of)));
        tombstones.forEach((partition, of) -> copy.tombstones.put(partition, new TreeMap<>(of)));
        cursors.forEach((partition, of) -> copy.cursors.put(partition, new TreeMap<>(of)));
        copy.states.putAll(states);
        copy.events.putAll(events);
        sideLogs.forEach((log, records) -> copy.sideLogs.put(log, new TreeMap<>(records)));
        copy.snapshotIndex = snapshotIndex;
        copy.snapshot = snapshot;
        return copy;
    }

    void apply(StoreChange change) {
        if (change instanceof StoreChange.PutBatch c) {
            put(batches, c.partition(), c.summary().firstSequence(),
                Batch.of(c.summary(), c.record(), c.offset(), c.length()));
        } else if (change instanceof StoreChange.MergeBatches c) {
            c.replaced().forEach(first -> dropBatch(c.partition(), first));
            dropBatch(c.partition(), c.summary().firstSequence());
            put(batches, c.partition(), c.summary().firstSequence(),
                Batch.of(c.summary(), c.record(), c.offset(), c.length()));
        } else if (change instanceof StoreChange.DropBatches c) {
            c.firstSequences().forEach(first -> dropBatch(c.partition(), first));
        } else if (change instanceof StoreChange.PutTombstones c) {
            put(tombstones, c.partition(), c.firstSequence(), c.tombstones());
        } else if (change instanceof StoreChange.PutPartitionState c) {
            states.put(c.partition(), c.state());
        } else if (change instanceof StoreChange.PutCursor c) {
            put(cursors, c.partition(), c.consumer(), c.state());
        } else if (change instanceof StoreChange.DropCursor c) {
            drop(cursors, c.partition(), c.consumer());
        } else if (change instanceof StoreChange.DropPartition c) {
            dropPartition(c.partition());
        } else if (change instanceof StoreChange.PutSystemEvent c) {
            events.put(c.index(), c.event());
        } else if (change instanceof StoreChange.PutSystemSnapshot c) {
            snapshotIndex = c.index();
            snapshot = c.snapshot();
        } else if (change instanceof StoreChange.TruncateSystemLog c) {
            events.headMap(c.upTo(), true).clear();
        } else if (change instanceof StoreChange.PutSideRecord c) {
            sideLogs.computeIfAbsent(c.log(), log -> new TreeMap<>())
                .put(c.number(), new SideRecord(c.number(), c.atNanos(), c.bytes(), ""));
        } else if (change instanceof StoreChange.TruncateSideLog c) {
            sideLogs.getOrDefault(c.log(), new TreeMap<>()).headMap(c.upTo(), true).clear();
        }
    }

    /** Changes one bit of a record and nothing that is remembered of it. */
    void flipBit(long partition, long first, int bit) {
        batches(partition).computeIfPresent(first, (key, b) -> b.flipped(bit));
    }

    TreeMap<Long, Batch> batches(long partition) {
        return batches.getOrDefault(partition, new TreeMap<>());
    }

    Map<Long, byte[]> tombstones(long partition) {
        return tombstones.getOrDefault(partition, new TreeMap<>());
    }

    Map<Long, byte[]> cursors(long partition) {
        return cursors.getOrDefault(partition, new TreeMap<>());
    }

    boolean hasState(long partition) {
        return states.containsKey(partition);
    }

    byte[] state(long partition) {
        return states.get(partition);
    }

    boolean hasSnapshot() {
        return snapshot != null;
    }

    long snapshotIndex() {
        return snapshotIndex;
    }

    byte[] snapshot() {
        return snapshot;
    }

    Map<Long, byte[]> eventsAfterSnapshot() {
        return snapshot == null ? events : events.tailMap(snapshotIndex, false);
    }

    NavigableMap<Long, SideRecord> sideLog(SideLog log) {
        return sideLogs.getOrDefault(log, new TreeMap<>());
    }

    Set<Long> partitions() {
        Set<Long> all = new TreeSet<>(states.keySet());
        all.addAll(batches.keySet());
        all.addAll(tombstones.keySet());
        all.addAll(cursors.keySet());
        return all;
    }

    long storedBytes() {
        long sum = snapshot == null ? 0 : snapshot.length;
        for (TreeMap<Long, Batch> of : batches.values()) {
            for (Batch batch : of.values()) {
                sum += batch.length;
            }
        }
        for (byte[] event : events.values()) {
            sum += event.length;
        }
        return sum;
    }

    private void dropPartition(long partition) {
        batches.remove(partition);
        tombstones.remove(partition);
        cursors.remove(partition);
        states.remove(partition);
    }

    private void dropBatch(long partition, long first) {
        drop(batches, partition, first);
        drop(tombstones, partition, first);
    }

    private static <V> void put(Map<Long, TreeMap<Long, V>> map, long partition, long key, V value) {
        map.computeIfAbsent(partition, p -> new TreeMap<>()).put(key, value);
    }

    private static <V> void drop(Map<Long, TreeMap<Long, V>> map, long partition, long key) {
        TreeMap<Long, V> of = map.get(partition);
        if (of != null && of.remove(key) != null && of.isEmpty()) {
            map.remove(partition);
        }
    }

    /** A stored batch: its summary, and its record as a slice with the checksum of when it was put. */
    record Batch(BatchSummary summary, byte[] record, int offset, int length, long checksum) {

        static Batch of(BatchSummary summary, byte[] record, int offset, int length) {
            return new Batch(summary, record, offset, length, checksum(record, offset, length));
        }

        boolean damaged() {
            return checksum(record, offset, length) != checksum;
        }

        private Batch flipped(int bit) {
            byte[] other = Arrays.copyOfRange(record, offset, offset + length);
            other[bit / 8 % length] ^= (byte) (1 << bit % 8);
            return new Batch(summary, other, 0, length, checksum);
        }

        private static long checksum(byte[] record, int offset, int length) {
            CRC32C crc = new CRC32C();
            crc.update(record, offset, length);
            return crc.getValue();
        }
    }
}

package org.memphisee.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.bytes;
import static org.memphisee.contract.Batches.merge;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/** What every log store must do. */
public abstract class LogStoreContract {
    private static final long PARTITION = 7;

    private LogStore store;

    /** Opens an empty store. */
    protected abstract LogStore create() throws Exception;

    /** Closes the store and opens what it left. */
    protected abstract LogStore restart(LogStore running) throws Exception;

    /** Closes the store and opens it on a disk that has no room for another batch. */
    protected abstract LogStore restartOnFullDisk(LogStore running) throws Exception;

    /** Damages a stored batch on the disk; the store stays open. */
    protected abstract void damage(LogStore running, long partition, long first, byte[] record) throws Exception;

    @BeforeEach
    void open() throws Exception {
        store = create();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    @Test
    void shouldRecoverEverythingInOrderAfterRestart() throws Exception {
        store.write(List.of(
            put(PARTITION, 11, 20, record(PARTITION, 11, 300)),
            put(PARTITION, 1, 10, record(PARTITION, 1, 200)),
            put(PARTITION + 1, 1, 1, record(8, 1, 10)),
            new StoreChange.PutCursor(PARTITION, 5, bytes("cursor 5")),
            new StoreChange.PutTombstones(PARTITION, 11, bytes("dead")),
            new StoreChange.PutPartitionState(PARTITION, bytes("state")),
            put(PARTITION, 256, 300, record(PARTITION, 256, 10))), true);

        store = restart(store);

        StoredPartition found = StoredPartition.of(store, PARTITION);
        assertEquals(List.of("state", "tombstones", "batch", "batch", "batch", "cursor"), found.order());
        assertEquals(List.of(Batches.summary(1, 10, 200), Batches.summary(11, 20, 300),
            Batches.summary(256, 300, 10)), found.batches());
        assertEquals("{11=dead}", found.tombstones().toString());
        assertEquals("{5=cursor 5}", found.cursors().toString());
        assertEquals("state", found.state());
        assertArrayEquals(record(PARTITION, 11, 300), store.readBatch(PARTITION, 11));
        assertEquals(List.of(1L), StoredPartition.of(store, PARTITION + 1).firstSequences());
    }

    @Test
    void shouldRecoverNothingOfUnknownPartition() throws Exception {
        assertTrue(StoredPartition.of(store, 4711).isEmpty());
    }

    @Test
    void shouldStoreSliceOfLargerArray() throws Exception {
        byte[] buffer = record(PARTITION, 1, 1_000);
        byte[] before = buffer.clone();
        store.write(List.of(new StoreChange.PutBatch(PARTITION, Batches.summary(1, 2, 100), buffer, 300, 100)), true);

        byte[] read = store.readBatch(PARTITION, 1);

        assertArrayEquals(Arrays.copyOfRange(before, 300, 400), read);
        assertArrayEquals(before, buffer);
    }

    @Test
    void shouldKeepBigAndEmptyRecords() throws Exception {
        int[] sizes = {0, 1, 64 << 10, 1 << 20, (2 << 20) + 17, 8 << 20};
        for (int i = 0; i < sizes.length; i++) {
            store.write(List.of(put(PARTITION, 10 + i, 10 + i, record(PARTITION, 10 + i, sizes[i]))), true);
            assertArrayEquals(record(PARTITION, 10 + i, sizes[i]), store.readBatch(PARTITION, 10 + i));
        }

        store = restart(store);

        for (int i = 0; i < sizes.length; i++) {
            assertArrayEquals(record(PARTITION, 10 + i, sizes[i]), store.readBatch(PARTITION, 10 + i));
        }
    }

    @Test
    void shouldApplyChangesInOrder() throws Exception {
        store.write(List.of(
            put(PARTITION, 1, 1, record(PARTITION, 1, 10)),
            new StoreChange.DropBatches(PARTITION, List.of(1L)),
            new StoreChange.PutCursor(PARTITION, 1, bytes("old")),
            new StoreChange.PutCursor(PARTITION, 1, bytes("new")),
            new StoreChange.PutCursor(PARTITION, 2, bytes("gone")),
            new StoreChange.DropCursor(PARTITION, 2),
            new StoreChange.DropCursor(PARTITION, 3)), true);

        StoredPartition found = StoredPartition.of(store, PARTITION);

        assertEquals(List.of(), found.batches());
        assertEquals("{1=new}", found.cursors().toString());
    }

    @Test
    void shouldDropBatchesWithTheirTombstones() throws Exception {
        for (long first = 1; first <= 5; first++) {
            store.write(List.of(put(PARTITION, first, first, record(PARTITION, first, 50)),
                new StoreChange.PutTombstones(PARTITION, first, bytes("t" + first))), false);
        }
        store.write(List.of(new StoreChange.DropBatches(PARTITION, List.of(1L, 2L, 4L, 99L))), true);

        store = restart(store);

        StoredPartition found = StoredPartition.of(store, PARTITION);
        assertEquals(List.of(3L, 5L), found.firstSequences());
        assertEquals("{3=t3, 5=t5}", found.tombstones().toString());
        assertThrows(StoreException.class, () -> store.readBatch(PARTITION, 2));
    }

    @Test
    void shouldMergeBatchesAtOnce() throws Exception {
        for (long first = 1; first <= 30; first += 10) {
            store.write(List.of(put(PARTITION, first, first + 9, record(PARTITION, first, 50)),
                new StoreChange.PutTombstones(PARTITION, first, bytes("t" + first))), false);
        }
        byte[] merged = record(PARTITION, 77, 100);
        store.write(List.of(merge(PARTITION, List.of(1L, 11L), 1, 20, merged)), true);

        store = restart(store);

        StoredPartition found = StoredPartition.of(store, PARTITION);
        assertEquals(List.of(Batches.summary(1, 20, 100), Batches.summary(21, 30, 50)), found.batches());
        assertEquals("{21=t21}", found.tombstones().toString());
        assertArrayEquals(merged, store.readBatch(PARTITION, 1));
        assertThrows(StoreException.class, () -> store.readBatch(PARTITION, 11));
    }

    @Test
    void shouldKeepTombstonesThatFollowMerge() throws Exception {
        store.write(List.of(put(PARTITION, 1, 10, record(PARTITION, 1, 50)),
            put(PARTITION, 11, 20, record(PARTITION, 11, 50))), false);
        store.write(List.of(merge(PARTITION, List.of(1L, 11L), 1, 20, record(PARTITION, 1, 100)),
            new StoreChange.PutTombstones(PARTITION, 1, bytes("still"))), true);

        assertEquals("{1=still}", StoredPartition.of(store, PARTITION).tombstones().toString());
    }

    @Test
    void shouldForgetDroppedPartitionAtOnce() throws Exception {
        fill(PARTITION, 2_000);
        fill(PARTITION + 1, 10);
        store.write(List.of(new StoreChange.DropPartition(PARTITION)), true);

        assertTrue(StoredPartition.of(store, PARTITION).isEmpty());
        store = restart(store);
        assertTrue(StoredPartition.of(store, PARTITION).isEmpty());
        assertEquals(10, StoredPartition.of(store, PARTITION + 1).batches().size());
        assertEquals("state", StoredPartition.of(store, PARTITION + 1).state());
    }

    @Test
    void shouldRetainOnlyKnownPartitions() throws Exception {
        fill(1, 3);
        fill(2, 600);
        fill(3, 3);
        store.write(List.of(new StoreChange.PutCursor(4, 1, bytes("lonely"))), true);
        store = restart(store);

        store.retainPartitions(Set.of(1L, 99L));

        assertEquals(3, StoredPartition.of(store, 1).batches().size());
        for (long gone = 2; gone <= 4; gone++) {
            assertTrue(StoredPartition.of(store, gone).isEmpty(), "partition " + gone);
        }
        store = restart(store);
        assertTrue(StoredPartition.of(store, 2).isEmpty());
        assertEquals(3, StoredPartition.of(store, 1).batches().size());
    }

    @Test
    void shouldRecoverSnapshotAndEventsAfterIt() throws Exception {
        assertEquals("[]", systemLog().toString());
        List<StoreChange> events = new ArrayList<>();
        for (long index = 1; index <= 300; index++) {
            events.add(new StoreChange.PutSystemEvent(index, bytes("e" + index)));
        }
        store.write(events, true);
        assertEquals(300, systemLog().size());

        store.write(List.of(new StoreChange.PutSystemSnapshot(298, bytes("snapshot")),
            new StoreChange.TruncateSystemLog(290)), true);
        store = restart(store);

        assertEquals(List.of("298 snapshot", "299:e299", "300:e300"), systemLog());
        store.write(List.of(new StoreChange.TruncateSystemLog(299)), true);
        assertEquals(List.of("298 snapshot", "300:e300"), systemLog());
    }

    @Test
    void shouldKeepSideLogsApartAndReadThemBothWays() throws Exception {
        assertEquals(List.of(), store.readSideLog(SideLog.AUDIT, Long.MAX_VALUE, false, 10));
        List<StoreChange> records = new ArrayList<>();
        for (long number = 1; number <= 9; number += 2) {
            records.add(new StoreChange.PutSideRecord(SideLog.AUDIT, number, 100 + number, bytes("a" + number)));
            records.add(new StoreChange.PutSideRecord(SideLog.ACTIVITY, number + 1, number, bytes("b" + number)));
        }
        store.write(records, true);
        store = restart(store);

        assertEquals("9:109:a9 7:107:a7", side(SideLog.AUDIT, Long.MAX_VALUE, false, 2));
        assertEquals("5:105:a5 3:103:a3 1:101:a1", side(SideLog.AUDIT, 6, false, 10));
        assertEquals("5:105:a5", side(SideLog.AUDIT, 5, false, 1));
        assertEquals("", side(SideLog.AUDIT, 0, false, 1));
        assertEquals("7:107:a7 9:109:a9", side(SideLog.AUDIT, 6, true, 10));
        assertEquals("10:9:b9", side(SideLog.ACTIVITY, Long.MAX_VALUE, false, 1));
        assertEquals("", side(SideLog.SERVER, Long.MAX_VALUE, false, 1));

        store.write(List.of(new StoreChange.TruncateSideLog(SideLog.AUDIT, 5)), true);
        store = restart(store);
        assertEquals("7:107:a7 9:109:a9", side(SideLog.AUDIT, 0, true, 10));
        assertEquals("2:1:b1", side(SideLog.ACTIVITY, 0, true, 1));
    }

    private String side(SideLog log, long from, boolean upwards, int max) throws StoreException {
        return String.join(" ", store.readSideLog(log, from, upwards, max).stream().map(r ->
            r.number() + ":" + r.atNanos() + ":" + new String(r.bytes(), StandardCharsets.UTF_8)).toList());
    }

    @Test
    void shouldServeReadersWhileWriting() throws Exception {
        AtomicLong written = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                results.add(readers.submit(() -> readUntil(done, written)));
            }
            for (long first = 1; first <= 300; first++) {
                store.write(List.of(put(PARTITION, first, first, record(PARTITION, first, 5_000))), first % 10 == 0);
                written.set(first);
            }
            done.set(true);
            for (Future<Integer> result : results) {
                assertTrue(result.get(20, TimeUnit.SECONDS) > 0);
            }
        } finally {
            readers.shutdown();
            assertTrue(readers.awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldReportDamagedBatchAndServeOthers() throws Exception {
        byte[] record = record(PARTITION, 1, 4_000);
        store.write(List.of(put(PARTITION, 1, 1, record), put(PARTITION, 2, 2, record(PARTITION, 2, 4_000))), true);
        damage(store, PARTITION, 1, record);

        StoreException failure = assertThrows(StoreException.class, () -> store.readBatch(PARTITION, 1));

        assertTrue(failure.getMessage().contains("batch 1 of partition 7"), failure.getMessage());
        assertFalse(failure.full());
        assertArrayEquals(record(PARTITION, 2, 4_000), store.readBatch(PARTITION, 2));
        store.write(List.of(put(PARTITION, 3, 3, record(PARTITION, 3, 10))), true);
        assertArrayEquals(record(PARTITION, 3, 10), store.readBatch(PARTITION, 3));
    }

    @Test
    void shouldRefuseBatchesAndTakeAcksWhenDiskIsFull() throws Exception {
        store.write(List.of(put(PARTITION, 1, 1, record(PARTITION, 1, 100))), true);
        store = restartOnFullDisk(store);

        StoreException failure = assertThrows(StoreException.class, () -> store.write(List.of(
            new StoreChange.PutCursor(PARTITION, 1, bytes("refused too")),
            put(PARTITION, 2, 2, record(PARTITION, 2, 100))), true));

        assertTrue(failure.full());
        StoredPartition found = StoredPartition.of(store, PARTITION);
        assertEquals(List.of(1L), found.firstSequences());
        assertEquals("{}", found.cursors().toString());
        store.write(List.of(new StoreChange.PutCursor(PARTITION, 1, bytes("ack")),
            new StoreChange.DropBatches(PARTITION, List.of(1L))), true);
        found = StoredPartition.of(store, PARTITION);
        assertEquals("{1=ack}", found.cursors().toString());
        assertEquals(List.of(), found.batches());
    }

    @Test
    void shouldReportUsage() throws Exception {
        store.write(List.of(put(PARTITION, 1, 1, record(PARTITION, 1, 100_000))), true);

        LogStore.Usage usage = store.usage();

        assertTrue(usage.stored() >= 100_000, usage.toString());
        assertTrue(usage.free() > 0, usage.toString());
    }

    @Test
    void shouldRefuseEverythingAfterClose() throws Exception {
        store.close();

        assertThrows(StoreException.class, () -> store.write(List.of(), true));
        assertThrows(StoreException.class, () -> store.sync());
        assertThrows(StoreException.class, () -> store.readBatch(PARTITION, 1));
        assertThrows(StoreException.class, () -> StoredPartition.of(store, PARTITION));
        store.close();
    }

    @Test
    void shouldKeepSummariesExactly() throws Exception {
        BatchSummary sparse = new BatchSummary(1L << 40, (1L << 40) + 9, 2, -5, 1L << 60, 1L << 50, 12,
            List.of(), List.of());
        store.write(List.of(new StoreChange.PutBatch(PARTITION, sparse, new byte[12], 0, 12)), true);

        store = restart(store);

        assertEquals(List.of(sparse), StoredPartition.of(store, PARTITION).batches());
    }

    private int readUntil(AtomicBoolean done, AtomicLong written) throws StoreException {
        int reads = 0;
        while (!done.get() || reads == 0) {
            long last = written.get();
            if (last == 0) {
                Thread.onSpinWait();
                continue;
            }
            long first = ThreadLocalRandom.current().nextLong(1, last + 1);
            assertArrayEquals(record(PARTITION, first, 5_000), store.readBatch(PARTITION, first));
            reads++;
        }
        return reads;
    }

    private void fill(long partition, int batches) throws StoreException {
        List<StoreChange> changes = new ArrayList<>();
        changes.add(new StoreChange.PutPartitionState(partition, bytes("state")));
        changes.add(new StoreChange.PutCursor(partition, 1, bytes("cursor")));
        for (long first = 1; first <= batches; first++) {
            changes.add(put(partition, first, first, record(partition, first, 20)));
        }
        changes.add(new StoreChange.PutTombstones(partition, 1, bytes("dead")));
        store.write(changes, true);
    }

    private List<String> systemLog() throws StoreException {
        TreeMap<Long, String> events = new TreeMap<>();
        List<String> found = new ArrayList<>();
        store.recoverSystemLog(new LogStore.SystemLogVisitor() {
            @Override
            public void snapshot(long index, byte[] snapshot) {
                assertTrue(events.isEmpty(), "snapshot comes first");
                found.add(index + " " + new String(snapshot, StandardCharsets.UTF_8));
            }

            @Override
            public void event(long index, byte[] event) {
                assertTrue(events.isEmpty() || events.lastKey() < index, "events come in order");
                events.put(index, new String(event, StandardCharsets.UTF_8));
            }
        });
        events.forEach((index, event) -> found.add(index + ":" + event));
        return found;
    }
}

package org.memphisee.store.je;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.contract.Batches;
import org.memphisee.contract.LogStoreContract;
import org.memphisee.contract.StoredPartition;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SummaryCodec;

final class JeLogStoreTest extends LogStoreContract {
    private static final long DEADLINE_NANOS = 20_000_000_000L;

    @TempDir
    Path directory;

    static JeStoreSettings settings(Path directory, long minimumFree) {
        return new JeStoreSettings(directory, 16L << 20, minimumFree, task -> new Thread(task, "store-drop"));
    }

    @Override
    protected LogStore create() throws StoreException {
        return JeLogStore.open(settings(directory, 0));
    }

    @Override
    protected LogStore restart(LogStore running) throws StoreException {
        running.close();
        return create();
    }

    @Override
    protected LogStore restartOnFullDisk(LogStore running) throws StoreException {
        running.close();
        // More than the disk has, with JE's own limit (half of it) still met.
        long free = directory.toFile().getUsableSpace();
        return JeLogStore.open(settings(directory, free + free / 4));
    }

    @Override
    protected void damage(LogStore running, long partition, long first, byte[] record) throws Exception {
        pushOutOfBuffers(running);
        JeFiles.flip(directory, record);
    }

    @Test
    void shouldFailOnlyRecoveryOfPartitionWithDamagedSummary() throws Exception {
        try (JeLogStore store = JeLogStore.open(settings(directory.resolve("s"), 0))) {
            store.write(List.of(put(1, 1, 9, record(1, 1, 50)), put(2, 1, 7, record(2, 1, 50))), true);
            pushOutOfBuffers(store);
            byte[] summary = new SummaryCodec().encode(Batches.summary(1, 9, 50));
            JeFiles.flip(directory.resolve("s"), summary);

            StoreException failure = assertThrows(StoreException.class, () -> StoredPartition.of(store, 1));

            assertTrue(failure.getMessage().contains("the summary of batch 1 of partition 1"), failure.getMessage());
            assertEquals(List.of(1L), StoredPartition.of(store, 2).firstSequences());
            store.write(List.of(put(2, 8, 8, record(2, 8, 50))), true);
        }
    }

    @Test
    void shouldFinishDroppingLargePartitionInBackground() throws Exception {
        Path home = directory.resolve("d");
        try (JeLogStore store = JeLogStore.open(settings(home, 0))) {
            fill(store, 1, 5_000);
            store.write(List.of(new StoreChange.DropPartition(1)), true);
        }
        try (JeLogStore store = JeLogStore.open(settings(home, 0))) {
            assertTrue(StoredPartition.of(store, 1).isEmpty());
            long deadline = System.nanoTime() + DEADLINE_NANOS;
            while (store.unfinishedDrops() > 0 && System.nanoTime() < deadline) {
                store.write(List.of(put(2, 1, 1, record(2, 1, 100))), true);
            }
            assertEquals(0, store.unfinishedDrops());
            assertThrows(StoreException.class, () -> store.readBatch(1, 5_000));
        }
        try (JeLogStore store = JeLogStore.open(settings(home, 0))) {
            assertEquals(0, store.unfinishedDrops());
            assertEquals(List.of(1L), StoredPartition.of(store, 2).firstSequences());
        }
    }

    @Test
    void shouldRefuseSecondStoreOnSameDirectory() throws Exception {
        Path home = directory.resolve("two");
        try (JeLogStore store = JeLogStore.open(settings(home, 0))) {
            StoreException failure =
                assertThrows(StoreException.class, () -> JeLogStore.open(settings(home, 0)).close());
            assertTrue(failure.getMessage().contains(home.toString()), failure.getMessage());
            store.sync();
        }
    }

    private static void fill(JeLogStore store, long partition, int batches) throws StoreException {
        List<StoreChange> changes = new ArrayList<>();
        for (long first = 1; first <= batches; first++) {
            changes.add(put(partition, first, first, record(partition, first, 20)));
        }
        store.write(changes, true);
    }

    /** JE serves what was just written from its log buffers; afterwards it has to read the files. */
    static void pushOutOfBuffers(LogStore store) throws StoreException {
        for (long first = 1; first <= 20; first++) {
            store.write(List.of(put(999, first, first, record(999, first, 1 << 20))), true);
        }
    }
}

package org.memphisee.store.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.memphisee.contract.LogStoreContract;
import org.memphisee.contract.StoredPartition;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

final class MemoryLogStoreTest extends LogStoreContract {

    @Override
    protected LogStore create() {
        return new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    }

    @Override
    protected LogStore restart(LogStore running) throws StoreException {
        running.close();
        return ((MemoryLogStore) running).reopen();
    }

    @Override
    protected LogStore restartOnFullDisk(LogStore running) throws StoreException {
        MemoryLogStore next = (MemoryLogStore) restart(running);
        next.free(99);
        return next;
    }

    @Override
    protected void damage(LogStore running, long partition, long first, byte[] record) {
        ((MemoryLogStore) running).corruptBatch(partition, first);
    }

    @Test
    void shouldForgetWhatWasNotSyncedInCrash() throws Exception {
        MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        store.write(List.of(batch(1)), true);
        store.write(List.of(batch(2)), false);
        store.write(List.of(batch(3), new StoreChange.DropBatches(1, List.of(1L))), false);
        assertEquals(List.of(2L, 3L), StoredPartition.of(store, 1).firstSequences());

        store.crash();

        assertEquals(List.of(1L), StoredPartition.of(store.reopen(), 1).firstSequences());
    }

    @Test
    void shouldKeepWhatWasNotSyncedWhenOnlyTheProcessDies() throws Exception {
        MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
        store.write(List.of(batch(1)), false);

        store.crash();

        assertEquals(List.of(1L), StoredPartition.of(store.reopen(), 1).firstSequences());
    }

    @Test
    void shouldSyncEarlierWritesWithSyncedOne() throws Exception {
        MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        store.write(List.of(batch(1)), false);
        store.write(List.of(batch(2)), true);

        store.crash();

        assertEquals(List.of(1L, 2L), StoredPartition.of(store.reopen(), 1).firstSequences());
    }

    @Test
    void shouldChangeNothingAndAcceptNothingAfterFailedWrite() throws Exception {
        MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        store.write(List.of(batch(1)), true);
        store.failNextWrite();

        StoreException first = assertThrows(StoreException.class, () -> store.write(List.of(batch(2)), true));

        StoreException later = assertThrows(StoreException.class, () -> store.write(List.of(batch(2)), true));
        assertEquals(first, later.getCause());
        assertFalse(later.full());
        assertEquals(List.of(1L), StoredPartition.of(store, 1).firstSequences());
        store.crash();
        MemoryLogStore next = store.reopen();
        next.write(List.of(batch(2)), true);
        assertEquals(List.of(1L, 2L), StoredPartition.of(next, 1).firstSequences());
    }

    @Test
    void shouldLoseWriteWhoseSyncFailed() throws Exception {
        MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
        store.failNextSync();

        assertThrows(StoreException.class, () -> store.write(List.of(batch(1)), true));

        assertThrows(StoreException.class, store::sync);
        store.crash();
        assertEquals(List.of(), StoredPartition.of(store.reopen(), 1).firstSequences());
    }

    private static StoreChange batch(long first) {
        return put(1, first, first, record(1, first, 100));
    }
}

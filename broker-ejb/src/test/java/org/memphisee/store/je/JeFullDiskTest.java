package org.memphisee.store.je;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.bytes;
import static org.memphisee.contract.Batches.merge;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import com.sleepycat.je.log.FileManager;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.contract.StoredPartition;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/** The store on a real file system that has no room left, so that JE gives its environment up. */
class JeFullDiskTest {

    private static final int SIZE = 20_000;

    @TempDir
    private Path directory;
    private TinyDisk disk;
    private JeLogStore store;

    @BeforeEach
    void open() throws Exception {
        disk = TinyDisk.mount(directory, 24);
        store = store();
        store.write(List.of(put(1, 1, 1, record(1, 1, SIZE))), true);
    }

    private JeLogStore store() throws StoreException {
        return JeLogStore.open(JeLogStoreTest.settings(disk.root().resolve("log"), 0), 4 << 20);
    }

    @AfterEach
    void close() throws Exception {
        try (TinyDisk last = disk) {
            if (store != null) {
                store.close();
            }
        }
    }

    /** Writes batches until the disk refuses; the first sequence that was refused. */
    private long fill(boolean sync) throws StoreException {
        long first = 2;
        try {
            while (true) {
                store.write(List.of(put(1, first, first, record(1, first, SIZE))), sync);
                first++;
            }
        } catch (StoreException e) {
            assertTrue(e.full(), e.toString());
            return first;
        }
    }

    private void assertHolds(long below, long... more) throws StoreException {
        List<Long> expected = new ArrayList<>();
        for (long first = 1; first < below; first++) {
            expected.add(first);
        }
        for (long first : more) {
            expected.add(first);
        }
        assertEquals(expected, StoredPartition.of(store, 1).firstSequences());
        for (long first : expected) {
            assertArrayEquals(record(1, first, SIZE), store.readBatch(1, first));
        }
    }

    @Test
    void shouldReadOnAFullDiskAndWriteAgainWhenItHasRoom() throws Exception {
        disk.fillUpTo(3 << 20);
        long refused = fill(true);
        assertHolds(refused);
        assertTrue(assertThrows(StoreException.class,
            () -> store.write(List.of(put(1, refused, refused, record(1, refused, SIZE))), true)).full());

        disk.free();

        store.write(List.of(put(1, refused, refused, record(1, refused, SIZE))), true);
        store.write(List.of(new StoreChange.PutCursor(1, 9, bytes("c")), new StoreChange.PutSystemEvent(1, bytes("e")),
            new StoreChange.DropPartition(2)), true);
        store.sync();
        assertHolds(refused + 1);
        store.close();
        store = store();
        assertHolds(refused + 1);
        assertEquals("{9=c}", StoredPartition.of(store, 1).cursors().toString());
    }

    @Test
    void shouldKeepWhatWasWrittenWithoutASyncBeforeTheDiskWasFull() throws Exception {
        disk.fillUpTo(3 << 20);
        long refused = fill(false);
        store.sync();
        assertHolds(refused);
        disk.free();
        store.write(List.of(put(1, refused, refused, record(1, refused, SIZE))), false);
        store.close();
        store = store();
        assertHolds(refused + 1);
    }

    @Test
    void shouldGoThroughManyFullDisks() throws Exception {
        long at = 2;
        for (int round = 0; round < 5; round++) {
            disk.fillUpTo(1 << 20);
            for (int i = 0; i < 200; i++) {
                try {
                    store.write(List.of(put(1, at, at, record(1, at, SIZE))), true);
                    at++;
                } catch (StoreException e) {
                    assertTrue(e.full(), e.toString());
                }
            }
            disk.free();
            store.write(List.of(put(1, at, at, record(1, at, SIZE))), true);
            at++;
            assertHolds(at);
        }
    }

    /** The commit reached the file, what JE wrote behind it did not: nobody may be told that it is not there. */
    @Test
    void shouldAnswerAsWrittenWhatReachedTheDiskBeforeJeRanOutOfRoom() throws Exception {
        FileManager.FileFactory usual = FileManager.fileFactory;
        AtomicBoolean failing = new AtomicBoolean();
        FileManager.fileFactory = (home, name, mode) -> mode.startsWith("rw") && name.endsWith(".jdb")
            ? new TailFiles.WrittenFile(name, mode) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    super.write(bytes, offset, length);
                    if (failing.getAndSet(false)) {
                        throw NoRoomException.of(new IOException("No space left on device"), Path.of(name), length);
                    }
                }
            } : usual.createFile(home, name, mode);
        try (JeLogStore own = JeLogStore.open(JeLogStoreTest.settings(directory.resolve("own"), 0), 4 << 20)) {
            own.write(List.of(put(1, 1, 5, record(1, 1, 50)), put(1, 6, 6, record(1, 6, 50))), true);
            failing.set(true);
            own.write(List.of(put(1, 7, 7, record(1, 7, 50))), true);
            assertArrayEquals(record(1, 7, 50), own.readBatch(1, 7));
            whenOpen(own, new StoreChange.PutCursor(1, 2, bytes("z")));
            failing.set(true);
            own.write(List.of(merge(1, List.of(1L, 6L), 1, 6, record(1, 1, 100))), true);
            assertArrayEquals(record(1, 1, 100), own.readBatch(1, 1));
            whenOpen(own, new StoreChange.PutCursor(1, 2, bytes("z")));
            failing.set(true);
            assertTrue(assertThrows(StoreException.class,
                () -> own.write(List.of(new StoreChange.PutCursor(1, 1, bytes("x"))), true)).full(),
                "what may be repeated is repeated");
            whenOpen(own, new StoreChange.PutCursor(1, 1, bytes("y")));
            assertEquals(List.of(1L, 7L), StoredPartition.of(own, 1).firstSequences());
            assertEquals("{1=y, 2=z}", StoredPartition.of(own, 1).cursors().toString());
        } finally {
            FileManager.fileFactory = usual;
        }
    }

    /** Room was made between the write that failed and the look at the disk, which sees nothing that was freed since. */
    @Test
    void shouldWriteAtOnceAfterAWriteThatFailedWhileRoomWasMade() throws Exception {
        FileManager.FileFactory usual = FileManager.fileFactory;
        AtomicBoolean failing = new AtomicBoolean();
        FileManager.fileFactory = (home, name, mode) -> mode.startsWith("rw") && name.endsWith(".jdb")
            ? new TailFiles.WrittenFile(name, mode) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (failing.getAndSet(false)) {
                        throw NoRoomException.of(new IOException("No space left on device"), Path.of(name), length);
                    }
                    super.write(bytes, offset, length);
                }
            } : usual.createFile(home, name, mode);
        try (JeLogStore own = JeLogStore.open(JeLogStoreTest.settings(directory.resolve("own"), 0), 4 << 20)) {
            for (long at = 1; at < 4; at++) {
                StoreChange change = put(1, at, at, record(1, at, 50));
                failing.set(true);
                assertTrue(assertThrows(StoreException.class, () -> own.write(List.of(change), true)).full());
                own.write(List.of(change), true);
            }
            assertEquals(List.of(1L, 2L, 3L), StoredPartition.of(own, 1).firstSequences());
        } finally {
            FileManager.fileFactory = usual;
        }
    }

    /** Nothing was freed here, so that the store tries only once a second whether it may write again. */
    private static void whenOpen(JeLogStore store, StoreChange change) throws StoreException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (true) {
            try {
                store.write(List.of(change), true);
                return;
            } catch (StoreException e) {
                assertTrue(e.full() && System.nanoTime() < deadline, e.toString());
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldStopForGoodWhenAWriteFailedForAnotherReason() throws Exception {
        FileManager.FileFactory usual = FileManager.fileFactory;
        AtomicBoolean failing = new AtomicBoolean();
        FileManager.fileFactory = (home, name, mode) -> mode.startsWith("rw") && name.endsWith(".jdb")
            ? new TailFiles.WrittenFile(name, mode) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (failing.getAndSet(false)) {
                        throw new IOException("Input/output error");
                    }
                    super.write(bytes, offset, length);
                }
            } : usual.createFile(home, name, mode);
        try (JeLogStore own = JeLogStore.open(JeLogStoreTest.settings(directory.resolve("own"), 0), 4 << 20)) {
            failing.set(true);
            for (int i = 0; i < 2; i++) {
                StoreException failure = assertThrows(StoreException.class,
                    () -> own.write(List.of(put(1, 1, 1, record(1, 1, 50))), true));
                assertFalse(failure.full());
                assertTrue(failure.getMessage().contains("Input/output error"), failure.getMessage());
            }
        } finally {
            FileManager.fileFactory = usual;
        }
    }

    @Test
    void shouldStartOnADiskWithoutRoomAndWriteWhenItHasSome() throws Exception {
        disk.fillUpTo(3 << 20);
        long refused = fill(true);
        disk.fillUpTo(0);
        store.close();
        store = store();
        assertHolds(refused);
        disk.free();
        store.write(List.of(put(1, refused, refused, record(1, refused, SIZE))), true);
        assertHolds(refused + 1);
    }

    /** JE's threads look at the disk when they like; what they saw may be over when the write comes to it. */
    @Test
    void shouldWriteWhenJeSawAFullDiskThatHasRoomAgain() throws Exception {
        Path own = disk.root().resolve("own");
        JeStoreSettings settings = JeLogStoreTest.settings(own, 0);
        JeFailures failures = new JeFailures(own);
        JeEnvironmentOwner owner = new JeEnvironmentOwner(settings, 1 << 20, failures);
        try (JeLogStore late = JeLogStore.over(settings, failures, owner)) {
            List<StoreChange> changes = List.of(put(1, 1, 1, record(1, 1, SIZE)));
            AtomicBoolean seen = new AtomicBoolean();
            late.write(new AbstractList<>() {
                @Override
                public StoreChange get(int index) {
                    if (!seen.getAndSet(true)) {
                        seeFull(owner);
                    }
                    return changes.get(index);
                }

                @Override
                public int size() {
                    return changes.size();
                }
            }, true);
            assertTrue(seen.get());
            assertArrayEquals(record(1, 1, SIZE), late.readBatch(1, 1));
        }
    }

    private void seeFull(JeEnvironmentOwner owner) {
        try {
            disk.fillUpTo(0);
            owner.lookAtDisk();
            assertTrue(owner.refusing());
            disk.free();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldCloseWhenJeHasNoticedThatThereIsNoRoom() throws Exception {
        Path own = disk.root().resolve("own");
        JeStoreSettings settings = JeLogStoreTest.settings(own, 0);
        JeEnvironmentOwner owner = new JeEnvironmentOwner(settings, 1 << 20, new JeFailures(own));
        JeDatabases databases = new JeDatabases(owner.environment(), false, false);
        databases.close();
        disk.fillUpTo(0);
        owner.lookAtDisk();
        assertTrue(owner.refusing());

        owner.close();

        disk.free();
        new JeEnvironmentOwner(settings, 1 << 20, new JeFailures(own)).close();
    }
}

package org.memphisee.store.je;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import com.sleepycat.je.log.FileManager;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.contract.StoredPartition;
import org.memphisee.core.log.StoreException;

/** The end of the log: room ahead, torn writes, damage, and a disk that fails. */
final class JeLogTailTest {
    private static final long SMALL_FILE = 1_000_000;
    private static final int HEADER_OF_FILE = 46;

    @TempDir
    Path directory;

    @Test
    void shouldHaveRoomAheadWhileOpenAndNoneAfterwards() throws Exception {
        try (JeLogStore store = open(directory)) {
            write(store, 1, 3);
            assertEquals(0, Files.size(last(directory)) % TailFiles.ROOM);
        }
        assertTrue(Files.size(last(directory)) < SMALL_FILE);
    }

    @Test
    void shouldCutFullFilesToTheirLength() throws Exception {
        try (JeLogStore store = open(directory)) {
            write(store, 1, 80);
            List<Path> logs = JeFiles.logs(directory);
            assertTrue(logs.size() > 2);
            for (Path full : logs.subList(0, logs.size() - 1)) {
                assertTrue(Files.size(full) <= SMALL_FILE, full + " has " + Files.size(full));
            }
        }
    }

    @Test
    void shouldRecoverFromRoomLeftByCrash() throws Exception {
        Path crashed = crash(7);

        assertRecovers(crashed, 7);
    }

    @Test
    void shouldRecoverWhenCrashLeftOnlyHeaderAndRoom() throws Exception {
        Path crashed = crash(40);
        Path last = last(crashed);
        Files.delete(crashed.resolve(DurableMark.FILE));
        Path copy = Files.createDirectory(directory.resolve("before"));
        int before = 0;
        try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
            byte[] header = new byte[HEADER_OF_FILE];
            file.readFully(header);
            assertFalse(isZero(header));
            // A copy that never saw the last file tells what must be there.
            for (Path log : JeFiles.logs(crashed)) {
                if (!log.equals(last)) {
                    Files.copy(log, copy.resolve(log.getFileName()));
                }
            }
            file.setLength(firstEntryEnd(file));
            file.setLength(TailFiles.ROOM);
        }
        try (JeLogStore store = open(copy)) {
            before = StoredPartition.of(store, 1).batches().size();
        }
        assertTrue(before > 10 && before < 40, "batches in full files: " + before);

        assertRecovers(crashed, before);
    }

    @Test
    void shouldCutTornWriteAfterDurableEnd() throws Exception {
        Path crashed = crash(7);
        long end;
        try (JeLogStore store = open(crashed)) {
            write(store, 8, 8);
        }
        end = Files.size(last(crashed));
        try (RandomAccessFile file = new RandomAccessFile(last(crashed).toFile(), "rw")) {
            file.seek(end);
            file.write(record(1, 99, 700));
        }

        assertRecovers(crashed, 8);
    }

    @Test
    void shouldRefuseLogThatBreaksBeforeDurableEnd() throws Exception {
        Path crashed = crash(7);
        JeFiles.flip(crashed, record(1, 3, 40_000));
        byte[] damaged = Files.readAllBytes(last(crashed));

        StoreException failure = assertThrows(StoreException.class, () -> open(crashed).close());

        assertTrue(failure.getMessage().contains(last(crashed).getFileName().toString()), failure.getMessage());
        assertTrue(failure.getMessage().contains("offset"), failure.getMessage());
        assertArrayEquals(damaged, Files.readAllBytes(last(crashed)));
        Files.delete(crashed.resolve(DurableMark.FILE));
        assertRecovers(crashed, 2);
    }

    @Test
    void shouldRefuseDirectoryThatLostItsLogFiles() throws Exception {
        Path crashed = crash(7);
        Files.delete(last(crashed));

        StoreException failure = assertThrows(StoreException.class, () -> open(crashed).close());

        assertTrue(failure.getMessage().contains("lacks its last log file"), failure.getMessage());
        assertTrue(JeFiles.logs(crashed).isEmpty());
    }

    @Test
    void shouldAcceptNothingAfterFailedDisk() throws Exception {
        FailingFiles disk = new FailingFiles();
        try (JeLogStore store = open(directory)) {
            write(store, 1, 3);
        }
        FileManager.fileFactory = disk;
        JeLogStore store = open(directory);
        try {
            write(store, 4, 5);
            disk.failing = true;

            StoreException first = assertThrows(StoreException.class, () -> write(store, 6, 6));
            disk.failing = false;
            StoreException later = assertThrows(StoreException.class, () -> write(store, 7, 7));

            assertFalse(first.full());
            assertTrue(later.getMessage().contains(first.getMessage()), later.getMessage());
            assertThrows(StoreException.class, store::sync);
        } finally {
            store.close();
            TailFiles.install();
        }
        try (JeLogStore again = open(directory)) {
            int found = StoredPartition.of(again, 1).batches().size();
            assertTrue(found == 5 || found == 6, "found " + found);
            write(again, found + 1, found + 1);
        }
    }

    /** A copy of the files of a store with so many batches, taken while it is open. */
    private Path crash(int batches) throws IOException {
        Path live = directory.resolve("live");
        Path crashed = Files.createDirectory(directory.resolve("crashed"));
        try (JeLogStore store = open(live)) {
            write(store, 1, batches);
            long marked = System.nanoTime() + 150_000_000L;
            while (System.nanoTime() < marked) {
                Thread.onSpinWait();
            }
            store.sync();
            try (Stream<Path> files = Files.list(live)) {
                for (Path file : files.toList()) {
                    Files.copy(file, crashed.resolve(file.getFileName()));
                }
            }
        }
        return crashed;
    }

    private void assertRecovers(Path home, int batches) throws IOException {
        try (JeLogStore store = open(home)) {
            assertEquals(batches, StoredPartition.of(store, 1).batches().size());
            for (int first = 1; first <= batches; first++) {
                assertArrayEquals(record(1, first, 40_000), store.readBatch(1, first));
            }
            write(store, batches + 1, batches + 50);
        }
        try (JeLogStore store = open(home)) {
            assertEquals(batches + 50, StoredPartition.of(store, 1).batches().size());
        }
    }

    private static JeLogStore open(Path home) throws StoreException {
        return JeLogStore.open(JeLogStoreTest.settings(home, 0), SMALL_FILE);
    }

    private static void write(JeLogStore store, long from, long to) throws StoreException {
        for (long first = from; first <= to; first++) {
            store.write(List.of(put(1, first, first, record(1, first, 40_000))), true);
        }
    }

    private static Path last(Path home) throws IOException {
        List<Path> logs = JeFiles.logs(home);
        return logs.get(logs.size() - 1);
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static long firstEntryEnd(RandomAccessFile file) throws IOException {
        file.seek(10);
        return 14 + Integer.reverseBytes(file.readInt());
    }

    /** A disk that fails on demand. */
    private static final class FailingFiles implements FileManager.FileFactory {
        private volatile boolean failing;

        @Override
        public RandomAccessFile createFile(File home, String name, String mode)
            throws FileNotFoundException {
            return new FileManager.DefaultRandomAccessFile(name, mode) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (failing) {
                        throw new IOException("Input/output error");
                    }
                    super.write(bytes, offset, length);
                }
            };
        }
    }
}

package org.memphisee.store.je;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written behind the end of the log. */
class TailFilesTest {

    private static final int HEADER = 50;

    @TempDir
    private Path directory;

    private TailFiles.WrittenFile begun(Path file) throws IOException {
        TailFiles.WrittenFile written = new TailFiles.WrittenFile(file.toString(), "rw");
        written.write(content(HEADER), 0, HEADER);
        return written;
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
    }

    private static void write(RandomAccessFile file, int times, int size) throws IOException {
        for (int i = 0; i < times; i++) {
            file.write(content(size), 0, size);
        }
    }

    /** What the file takes on the disk, in bytes. */
    private static long taken(Path file) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("stat", "-c", "%b %B", file.toString()).start();
        } catch (IOException e) {
            assumeTrue(false, "stat tells what a file takes");
            throw e;
        }
        String[] said = new String(process.getInputStream().readAllBytes()).trim().split(" ");
        assumeTrue(process.waitFor() == 0 && said.length == 2, "stat tells what a file takes");
        return Long.parseLong(said[0]) * Long.parseLong(said[1]);
    }

    @Test
    void shouldHaveZerosOnTheDiskBehindSmallWrites() throws Exception {
        Path file = directory.resolve("00000000.jdb");
        try (TailFiles.WrittenFile written = begun(file)) {
            write(written, TailFiles.SMALL_WRITES, 300);
            assertTrue(taken(file) >= TailFiles.ZEROS, () -> "as much as a piece of zeros");
            write(written, 2 * TailFiles.ZEROS / 300 + 10, 300);
            long end = written.length();
            assertTrue(end > 2 * TailFiles.ZEROS, () -> "small writes went past two pieces: " + end);
            assertTrue(taken(file) >= 3L * TailFiles.ZEROS, () -> "the third is there");
        }
    }

    @Test
    void shouldTakeNothingBehindLargeWritesAndSingleSmallOnes() throws Exception {
        Path file = directory.resolve("00000000.jdb");
        try (TailFiles.WrittenFile written = begun(file)) {
            for (int i = 0; i < 8; i++) {
                write(written, TailFiles.SMALL_WRITES - 1, 300);
                write(written, 1, TailFiles.SMALL + 1);
            }
            long end = written.length();
            assertEquals(TailFiles.ROOM, Files.size(file), "as long as the room");
            assertTrue(taken(file) < end + TailFiles.ZEROS / 2, () -> "no more than its content");
        }
    }

    @Test
    void shouldWriteAndReadAsIfThereWereNoZeros() throws Exception {
        Path file = directory.resolve("00000000.jdb");
        int small = 2 * TailFiles.SMALL_WRITES;
        try (TailFiles.WrittenFile written = begun(file)) {
            write(written, small, 300);
            try (RandomAccessFile reader = new TailFiles().createFile(new File("."), file.toString(), "r")) {
                assertEquals(HEADER + small * 300L, reader.length());
                byte[] bytes = new byte[TailFiles.ZEROS];
                assertEquals(HEADER + small * 300, reader.read(bytes, 0, bytes.length));
                assertEquals(-1, reader.read(bytes, 0, bytes.length));
            }
        }
        assertArrayEquals(content(HEADER + small * 300), Files.readAllBytes(file), "closed, it ends where its content does");
    }

    @Test
    void shouldNotRefuseWhatFitsOnADiskWhereTheZerosDoNot() throws Exception {
        try (TinyDisk disk = TinyDisk.mount(directory, 8)) {
            Path file = disk.root().resolve("00000000.jdb");
            int left = 200 << 10;
            try (TailFiles.WrittenFile written = begun(file)) {
                disk.fillUpTo(left);
                write(written, left / 400, 300);
                assertThrows(NoRoomException.class, () -> write(written, left / 100, 300));
                disk.free();
                long end = written.length();
                written.seek(end);
                write(written, 1, 300);
                assertEquals(end + 300, written.length());
            }
        }
    }
}

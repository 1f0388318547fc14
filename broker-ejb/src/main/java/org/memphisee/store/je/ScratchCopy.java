package org.memphisee.store.je;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory in which JE sees a log that it can follow, while the log itself is not touched: links to sound files, and
 * copies of others that end behind their last good entry. In the copies, entries that are damaged get the checksum of
 * what they hold now: JE would go no further than to them, and our values have a checksum of their own to be known by.
 * Takes as much room as the copied files, at least one log file, where temporary files are kept.
 */
final class ScratchCopy implements AutoCloseable {

    private final Path directory;

    private ScratchCopy(Path directory) {
        this.directory = directory;
    }

    /** Looks for damage in the last file only. */
    static ScratchCopy ofLast(LogTail tail, Path last) throws IOException {
        return of(tail, last, false);
    }

    /** Looks for damage in all files. */
    static ScratchCopy ofAll(LogTail tail, Path last) throws IOException {
        return of(tail, last, true);
    }

    private static ScratchCopy of(LogTail tail, Path last, boolean all) throws IOException {
        ScratchCopy copy = new ScratchCopy(Files.createTempDirectory("memphis-store-"));
        try {
            for (Path log : tail.logs().values()) {
                copy.take(tail, log, all || log.equals(last), log.equals(last));
                if (log.equals(last)) {
                    break; // a file behind it was not begun
                }
            }
            return copy;
        } catch (IOException e) {
            copy.close();
            throw e;
        }
    }

    private void take(LogTail tail, Path log, boolean look, boolean always) throws IOException {
        Path target = directory.resolve(log.getFileName());
        LogTail.Walk walk = look ? tail.walkAround(log) : null;
        if (walk == null || !always && walk.damaged().isEmpty() && walk.end() == Files.size(log)) {
            Files.createSymbolicLink(target, log);
            return;
        }
        copy(log, target, walk.end());
        try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
            for (LogTail.Damaged damaged : walk.damaged()) {
                file.seek(damaged.offset());
                file.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(damaged.checksum()).array());
            }
        }
    }

    private static void copy(Path from, Path to, long bytes) throws IOException {
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(from); OutputStream out = Files.newOutputStream(to)) {
            long left = bytes;
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    throw new IOException(from.getFileName() + " became shorter while it was read");
                }
                out.write(buffer, 0, n);
                left -= n;
            }
        }
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}

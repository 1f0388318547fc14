package org.memphisee.store.je;

import com.sleepycat.je.DbInternal;
import com.sleepycat.je.Environment;
import com.sleepycat.je.log.FileManager;
import com.sleepycat.je.utilint.DbLsn;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Remembers, in a small file beside the log, an entry up to which the log was durable. JE cannot tell a torn write at
 * the end of its last file from damage in the middle of it and cuts the file at either; with the mark
 * {@link LogTail} can, and refuses to open before anything is cut (P2).
 *
 * <p>The mark is written after syncs, at most every 100 ms and without a sync of its own: it may be behind the truth,
 * which only weakens the check, and is never ahead of it. Log-writer thread only.
 */
final class DurableMark implements AutoCloseable {
    static final String FILE = "durable";
    private static final byte VERSION = 1;
    private static final int SIZE = 1 + Long.BYTES + Integer.BYTES;
    private static final long INTERVAL_NANOS = 100_000_000L;

    private final FileManager log;
    /** No channel: an interrupt would close it. */
    private final RandomAccessFile file;
    private long writtenAt;
    private long written = DbLsn.NULL_LSN;

    DurableMark(Path directory, Environment environment) throws IOException {
        log = DbInternal.getNonNullEnvImpl(environment).getFileManager();
        file = new RandomAccessFile(directory.resolve(FILE).toFile(), "rw");
        writtenAt = System.nanoTime() - INTERVAL_NANOS;
    }

    /** The last entry of the log; durable after the next sync. */
    long last() {
        return log.getLastUsedLsn();
    }

    /** The entry is durable. */
    void durable(long entry) throws IOException {
        if (entry != written && System.nanoTime() - writtenAt >= INTERVAL_NANOS) {
            write(entry);
        }
    }

    private void write(long entry) throws IOException {
        file.seek(0);
        file.write(encode(entry));
        written = entry;
        writtenAt = System.nanoTime();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    static byte[] encode(long entry) {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE).put(VERSION).putLong(entry);
        return bytes.putInt(checksum(bytes.array())).array();
    }

    /** JE's name of a log file. */
    static String fileName(long number) {
        return String.format("%08x.jdb", number);
    }

    /** The marked entry, if there is a readable mark; a torn one is as good as none. */
    static Optional<Position> read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer content = ByteBuffer.wrap(bytes);
        if (bytes.length != SIZE || content.get() != VERSION) {
            return Optional.empty();
        }
        long entry = content.getLong();
        return content.getInt() == checksum(bytes)
            ? Optional.of(new Position(DbLsn.getFileNumber(entry), DbLsn.getFileOffset(entry))) : Optional.empty();
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, SIZE - Integer.BYTES);
        return (int) crc.getValue();
    }

    /**
     * Where an entry of JE's log is.
     *
     * @param file number of the file
     * @param offset of the entry in it, in bytes
     */
    record Position(long file, long offset) { }
}

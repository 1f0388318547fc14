package org.memphisee.store.je;

import com.sleepycat.je.log.FileManager;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.Adler32;

/**
 * Finds the end of the log before JE opens it: reads the last file entry by entry, verifies each, and cuts the file
 * after the last good one. JE would do the same, but only with its check on read, which we do not want for records
 * (see {@link JeEnvironmentOwner}); the files before the last one JE verifies itself, as far as it reads them.
 *
 * <p>Unlike JE it refuses when the log breaks before the {@link DurableMark}: that is damage and no torn write, and
 * cutting there would remove what was acknowledged (P2). The directory is locked by the caller.
 */
final class LogTail {
    /** Header of an entry of JE's log, little endian: checksum 4, type 1, flags 1, previous 4, size 4, then data. */
    private static final int HEADER = 14;
    private static final int TYPE_AT = 4;
    private static final int FLAGS_AT = 5;
    private static final int SIZE_AT = 10;
    /** The flags of entries with eight more bytes of header; only replicated environments of JE write them. */
    private static final int LONG_HEADER = 0x28;
    /** Length of the first entry of each file; a file without another one counts as not begun. */
    private static final int FILE_HEADER = FileManager.firstLogEntryOffset();
    private static final int BUFFER = 1 << 20;

    private final Path directory;
    private final byte[] data = new byte[BUFFER];

    LogTail(Path directory) {
        this.directory = directory;
    }

    /** @throws IOException that names file and offset when the log is damaged; nothing was changed then */
    void cut() throws IOException {
        Optional<DurableMark.Position> mark = DurableMark.read(directory);
        TreeMap<Long, Path> logs = logs();
        while (!logs.isEmpty() && Files.size(logs.lastEntry().getValue()) <= FILE_HEADER) {
            logs.pollLastEntry(); // a crash right after it was created; JE goes back as well
        }
        if (logs.isEmpty() || mark.isPresent() && mark.get().file() > logs.lastKey()) {
            if (mark.isPresent()) {
                throw new IOException("lacks its last log file " + DurableMark.fileName(mark.get().file()));
            }
            return;
        }
        Map.Entry<Long, Path> last = logs.lastEntry();
        long durable = mark.filter(m -> m.file() == last.getKey()).map(DurableMark.Position::offset).orElse(0L);
        cut(last.getValue(), durable);
    }

    /** The entry at {@code durable} must be good; at least the first one. */
    private void cut(Path log, long durable) throws IOException {
        long end = end(log);
        if (end <= durable) {
            throw new IOException("breaks in file " + log.getFileName() + " at offset " + end
                + ", but was durable up to " + durable
                + " (to give up what follows, remove the file \"" + DurableMark.FILE + "\")");
        }
        if (end < Files.size(log)) {
            try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
                file.setLength(end);
                file.getFD().sync();
            }
        }
    }

    /** Where the first entry begins that is not good. */
    private long end(Path log) throws IOException {
        long end = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(log), BUFFER))) {
            long length = entry(in);
            while (length > 0) {
                end += length;
                length = entry(in);
            }
        } catch (EOFException e) {
            return end;
        }
        return end;
    }

    /** Reads one entry in pieces, because a damaged size may be anything; its length, or 0 when it is not good. */
    private long entry(DataInputStream in) throws IOException {
        byte[] header = new byte[HEADER];
        in.readFully(header);
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        long size = fields.getInt(SIZE_AT);
        if (size < 0 || header[TYPE_AT] <= 0) {
            return 0;
        }
        if ((header[FLAGS_AT] & LONG_HEADER) != 0) {
            size += Long.BYTES;
        }
        Adler32 checksum = new Adler32();
        checksum.update(header, TYPE_AT, HEADER - TYPE_AT);
        long left = size;
        while (left > 0) {
            int piece = (int) Math.min(left, data.length);
            in.readFully(data, 0, piece);
            checksum.update(data, 0, piece);
            left -= piece;
        }
        return (int) checksum.getValue() == fields.getInt(0) ? HEADER + size : 0;
    }

    private TreeMap<Long, Path> logs() throws IOException {
        TreeMap<Long, Path> logs = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "????????.jdb")) {
            for (Path file : files) {
                logs.put(Long.parseLong(file.getFileName().toString().substring(0, 8), 16), file);
            }
        }
        return logs;
    }
}

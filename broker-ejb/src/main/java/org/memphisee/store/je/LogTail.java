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
import java.util.ArrayList;
import java.util.List;
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
    /** Checksum of the entry that was read last. */
    private int actual;

    LogTail(Path directory) {
        this.directory = directory;
    }

    /** @throws IOException that names file and offset when the log is damaged; nothing was changed then */
    void cut() throws IOException {
        Optional<End> found = find();
        if (found.isEmpty()) {
            return;
        }
        End end = found.get();
        if (!end.damage().isEmpty()) {
            throw new IOException(end.damage());
        }
        if (end.offset() < Files.size(end.log())) {
            try (RandomAccessFile file = new RandomAccessFile(end.log().toFile(), "rw")) {
                file.setLength(end.offset());
                file.getFD().sync();
            }
        }
    }

    /** Where the log ends; empty when none was begun. Changes nothing. */
    Optional<End> find() throws IOException {
        Optional<DurableMark.Position> mark = DurableMark.read(directory);
        TreeMap<Long, Path> logs = logs();
        while (!logs.isEmpty() && Files.size(logs.lastEntry().getValue()) <= FILE_HEADER) {
            logs.pollLastEntry(); // a crash right after it was created; JE goes back as well
        }
        if (logs.isEmpty() && mark.isEmpty()) {
            return Optional.empty();
        }
        if (logs.isEmpty() || mark.isPresent() && mark.get().file() > logs.lastKey()) {
            return Optional.of(new End(logs.isEmpty() ? null : logs.lastEntry().getValue(),
                logs.isEmpty() ? 0 : end(logs.lastEntry().getValue()),
                "lacks its last log file " + DurableMark.fileName(mark.get().file())));
        }
        Map.Entry<Long, Path> last = logs.lastEntry();
        long durable = mark.filter(m -> m.file() == last.getKey()).map(DurableMark.Position::offset).orElse(0L);
        long end = end(last.getValue());
        return Optional.of(new End(last.getValue(), end, end > durable ? "" // the entry at the mark, at least the first, is good
            : "breaks in file " + last.getValue().getFileName() + " at offset " + end + ", but was durable up to " + durable
                + " (to give up what follows, remove the file \"" + DurableMark.FILE + "\")"));
    }

    /** Where the first entry begins that is not good. */
    long end(Path log) throws IOException {
        return walk(log, false).end();
    }

    /** Passes over damaged entries by their length, as far as that leads to good ones. */
    Walk walkAround(Path log) throws IOException {
        return walk(log, true);
    }

    private Walk walk(Path log, boolean around) throws IOException {
        List<Damaged> passed = new ArrayList<>();
        List<Damaged> before = new ArrayList<>();
        long end = 0;
        long at = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(log), BUFFER))) {
            while (true) {
                long length = entry(in);
                if (length <= 0 && (!around || length == 0)) {
                    break;
                }
                if (length < 0) {
                    passed.add(new Damaged(at, actual));
                }
                at += Math.abs(length);
                if (length > 0) {
                    end = at;
                    before.addAll(passed);
                    passed.clear();
                }
            }
        } catch (EOFException e) {
            return new Walk(end, before);
        }
        return new Walk(end, before);
    }

    /**
     * Reads one entry in pieces, because a damaged size may be anything; its length, negative when its checksum is wrong, or
     * 0 when it is no entry at all.
     */
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
        actual = (int) checksum.getValue();
        return actual == fields.getInt(0) ? HEADER + size : -(HEADER + size);
    }

    /** The log files by number. */
    TreeMap<Long, Path> logs() throws IOException {
        TreeMap<Long, Path> logs = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "????????.jdb")) {
            for (Path file : files) {
                logs.put(Long.parseLong(file.getFileName().toString().substring(0, 8), 16), file);
            }
        }
        return logs;
    }

    /**
     * The end of the log.
     *
     * @param log its last file that was begun; null when there is none although there should be
     * @param offset behind the last good entry, in bytes
     * @param damage why the log is damaged, naming file and offset; empty when it is not
     */
    record End(Path log, long offset, String damage) { }

    /**
     * How far a file can be read.
     *
     * @param end behind the last good entry, in bytes
     * @param damaged the damaged entries before that
     */
    record Walk(long end, List<Damaged> damaged) { }

    /**
     * An entry whose content does not fit to its checksum.
     *
     * @param offset where it begins, and its checksum with it
     * @param checksum what its content has
     */
    record Damaged(long offset, int checksum) { }
}

package org.memphisee.store.je;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.Adler32;

/**
 * Reads the file of the {@link DurableMark} entry by entry, as JE is about to do, and refuses when it breaks before the
 * mark: JE would cut it there, and with it what was acknowledged. Before the environment is opened.
 */
final class LogTailCheck {
    /** Header of an entry of JE's log, little endian: checksum 4, type 1, flags 1, previous 4, size 4, then data. */
    private static final int HEADER = 14;
    private static final int TYPE_AT = 4;
    private static final int FLAGS_AT = 5;
    private static final int SIZE_AT = 10;
    /** The flag of entries with eight more bytes of header; only replicated environments of JE write them. */
    private static final int LONG_HEADER = 0x28;
    private static final int BUFFER = 1 << 20;

    private final Path directory;
    private final byte[] data = new byte[BUFFER];

    LogTailCheck(Path directory) {
        this.directory = directory;
    }

    /** @throws IOException that names file and offset */
    void run() throws IOException {
        Optional<DurableMark.Position> mark = DurableMark.read(directory);
        if (mark.isPresent()) {
            check(mark.get());
        }
    }

    private void check(DurableMark.Position mark) throws IOException {
        Path log = directory.resolve(String.format("%08x.jdb", mark.file()));
        if (!Files.exists(log)) {
            if (newerExists(mark.file())) {
                return; // the cleaner removed it long ago; the mark is old
            }
            throw new IOException("lacks its last log file " + log.getFileName());
        }
        long offset = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(log), BUFFER))) {
            while (offset <= mark.offset()) {
                offset += entry(in);
            }
        } catch (EOFException | BrokenEntry e) {
            throw new IOException("breaks in file " + log.getFileName() + " at offset " + offset
                + ", but was durable up to " + mark.offset()
                + " (to give up what follows, remove the file \"" + DurableMark.FILE + "\")", e);
        }
    }

    /** Reads one entry; its length. In pieces, because a damaged size may be anything. */
    private long entry(DataInputStream in) throws IOException {
        byte[] header = new byte[HEADER];
        in.readFully(header);
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        long size = fields.getInt(SIZE_AT);
        if (size < 0 || header[TYPE_AT] <= 0) {
            throw new BrokenEntry();
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
        if ((int) checksum.getValue() != fields.getInt(0)) {
            throw new BrokenEntry();
        }
        return HEADER + size;
    }

    private boolean newerExists(long file) throws IOException {
        try (var files = Files.newDirectoryStream(directory, "*.jdb")) {
            for (Path other : files) {
                String name = other.getFileName().toString();
                if (Long.parseLong(name.substring(0, name.indexOf('.')), 16) > file) {
                    return true;
                }
            }
        }
        return false;
    }

    private static final class BrokenEntry extends IOException {
        BrokenEntry() {
            super("entry is not valid");
        }
    }
}

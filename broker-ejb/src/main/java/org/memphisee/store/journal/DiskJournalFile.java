package org.memphisee.store.journal;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.memphisee.core.cluster.journal.JournalFile;

/** A file with a way in for the writer, and one for readers, whom an interrupt may not cost the file. */
final class DiskJournalFile implements JournalFile {

    /** The JDK keeps a buffer outside the heap for each thread, as large as its largest write. */
    private static final int CHUNK = 1 << 20;

    private final Path path;
    private final FileChannel writing;
    private final RandomAccessFile reading;
    private final long bytes;

    DiskJournalFile(Path path) throws IOException {
        this.path = path;
        reading = new RandomAccessFile(path.toFile(), "r");
        try {
            writing = FileChannel.open(path, StandardOpenOption.WRITE);
            bytes = writing.size();
        } catch (IOException e) {
            reading.close();
            throw e;
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        if (offset < 0 || into.remaining() > bytes - offset) {
            throw new EOFException(into.remaining() + " bytes at " + offset + " of " + path + ", which has " + bytes);
        }
        synchronized (reading) {
            reading.seek(offset);
            reading.readFully(into.array(), into.arrayOffset() + into.position(), into.remaining());
        }
        into.position(into.limit());
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        if (offset < 0 || from.remaining() > bytes - offset) {
            throw new EOFException(from.remaining() + " bytes to " + offset + " of " + path + ", which has " + bytes);
        }
        long at = offset;
        int end = from.limit();
        while (from.position() < end) {
            from.limit(Math.min(end, from.position() + CHUNK));
            at += writing.write(from, at);
            from.limit(end);
        }
    }

    @Override
    public void force() throws IOException {
        writing.force(false);
    }

    @Override
    public void close() throws IOException {
        try (reading) {
            writing.close();
        }
    }
}

package org.memphisee.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

import org.memphisee.core.cluster.journal.JournalFile;
import org.memphisee.core.cluster.journal.JournalFiles;
import org.memphisee.core.cluster.journal.NoRoomException;

/** A directory, locked against other processes and others in this one. */
public final class DiskJournalFiles implements JournalFiles {

    private static final String LOCK = "journal.lock";
    private static final int CHUNK = 1 << 20;

    private final Path directory;
    private final FileChannel lock;

    private DiskJournalFiles(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes a directory, and makes it if it is not there.
     *
     * @throws IOException when somebody else has it
     */
    public static DiskJournalFiles of(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            locked = lock != null;
            if (!locked) {
                throw new IOException("Another process has the journal " + directory + " open; stop that process or configure "
                    + "another directory");
            }
            return new DiskJournalFiles(directory, channel);
        } catch (OverlappingFileLockException e) {
            throw new IOException("This process has the journal " + directory + " open already; configure another directory", e);
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).filter(name -> !name.equals(LOCK)).sorted().toList();
        }
    }

    @Override
    public JournalFile open(String name) throws IOException {
        return new DiskJournalFile(directory.resolve(name));
    }

    @Override
    public JournalFile create(String name, long bytes) throws IOException {
        Path path = directory.resolve(name);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK, bytes));
            for (long at = 0; at < bytes; at += zeros.limit()) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
                while (zeros.hasRemaining()) {
                    file.write(zeros, at + zeros.position());
                }
            }
            file.force(true);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw noRoom(e) ? new NoRoomException(e.getMessage(), e) : e;
        }
        return open(name);
    }

    /** The JDK says it only in the system's words. */
    private static boolean noRoom(IOException e) {
        String why = String.valueOf(e.getMessage());
        return why.contains("No space left on device") || why.contains("Disk quota exceeded");
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (Files.exists(directory.resolve(to))) {
            throw new FileAlreadyExistsException(directory.resolve(to).toString());
        }
        Files.move(directory.resolve(from), directory.resolve(to));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE; // making a file still reports a full disk
        }
    }

    @Override
    public String where() {
        return directory.toString();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}

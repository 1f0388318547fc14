package org.memphisee.store.je;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps other processes, and others in this process, out of the directory from before its log is looked at. JE's own
 * lock comes later, and JE silently shares an environment that is opened twice in one process.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "store.lock";
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException when somebody else has it */
    static DirectoryLock of(Path directory) throws IOException {
        FileChannel channel =
            FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            locked = lock != null;
            if (!locked) {
                throw new IOException("Another process has it open; stop that process or configure another directory");
            }
            return new DirectoryLock(channel);
        } catch (OverlappingFileLockException e) {
            throw new IOException("This process has it open already; configure another directory", e);
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

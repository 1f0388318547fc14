package org.memphisee.ejb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

import org.memphisee.message.OperatorMessage;

/** The data directory, ours alone while this is open. */
final class DataDirectory implements AutoCloseable {

    private final FileChannel channel;
    private final FileLock lock;
    private final String id;

    private DataDirectory(FileChannel channel, FileLock lock, String id) {
        this.channel = channel;
        this.lock = lock;
        this.id = id;
    }

    /** Makes the directory when needed and takes its lock. */
    static DataDirectory open(Path directory) throws StartException {
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(directory.resolve("broker.lock"), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = read(channel);
                channel.close();
                throw new StartException(OperatorMessage.DATA_DIRECTORY_LOCKED, directory,
                    owner.isBlank() ? "unknown" : owner.trim());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new DataDirectory(channel, lock, identity(directory));
        } catch (IOException e) {
            closeQuietly(channel);
            throw new StartException(OperatorMessage.DATA_DIRECTORY_UNUSABLE, directory,
                e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    /** The same for ever, and another one for every data directory. */
    String id() {
        return id;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another application of this very process
        }
    }

    private static String identity(Path directory) throws IOException {
        Path file = directory.resolve("identity");
        if (!Files.exists(file)) {
            Path fresh = directory.resolve("identity.new"); // renamed when complete
            Files.writeString(fresh, UUID.randomUUID() + "\n", StandardCharsets.US_ASCII);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file, StandardCharsets.US_ASCII).trim();
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    }

    private static void closeQuietly(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                return; // the first failure is the one to report
            }
        }
    }
}

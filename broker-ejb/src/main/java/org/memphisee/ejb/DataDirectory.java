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
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Logger;

import org.memphisee.message.OperatorMessage;
import org.memphisee.store.version.DataVersion;
import org.memphisee.store.version.DataVersionException;

/** The data directory, ours alone while this is open. */
final class DataDirectory implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DataDirectory.class.getName());

    private final FileChannel channel;
    private final FileLock lock;
    private final String id;

    private DataDirectory(FileChannel channel, FileLock lock, String id) {
        this.channel = channel;
        this.lock = lock;
        this.id = id;
    }

    /**
     * Makes the directory when needed, refuses one of a format that this release does not know before anything in it is touched, and
     * takes its lock.
     *
     * @param product this release
     */
    static DataDirectory open(Path directory, String product) throws StartException {
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            Optional<DataVersion> before = DataVersion.read(directory);
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
            taken(directory, before, product);
            return new DataDirectory(channel, lock, identity(directory));
        } catch (DataVersionException e) {
            throw new StartException(OperatorMessage.DATA_FORMAT_UNKNOWN, directory, e.getMessage());
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

    /** The data are this release's from now on. */
    private static void taken(Path directory, Optional<DataVersion> before, String product) throws IOException {
        DataVersion now = new DataVersion(DataVersion.FORMAT, product);
        if (before.filter(now::equals).isPresent()) {
            return;
        }
        boolean old = before.isPresent() || Files.exists(directory.resolve("log"));
        DataVersion.write(directory, product);
        if (old) {
            OperatorMessage.DATA_OF_OTHER_RELEASE.log(LOG, directory, before.map(DataVersion::product).orElse("before the first with a number"),
                product);
        }
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

package org.memphisee.store.je;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.memphisee.core.log.LogStore.Usage;
import org.memphisee.core.log.StoreException;

/** Watches the space of the disk, so that batches are refused before it is exhausted (P6). */
final class SpaceGuard {
    private static final long USAGE_AGE_NANOS = 1_000_000_000L;
    /** Free space is looked up again after this time or this many bytes, whichever comes first. */
    private static final long FREE_AGE_NANOS = 100_000_000L;
    private static final long FREE_AGE_BYTES = 16L << 20;

    private final Path directory;
    private final long minimumFree;
    private final FileStore disk;
    private volatile Measured measured;
    /** Of the log writer: last look at the free space, and what was let through since. */
    private long freeAtNanos;
    private long free = -1;
    private long taken;

    SpaceGuard(Path directory, long minimumFree) throws IOException {
        this.directory = directory;
        this.minimumFree = minimumFree;
        this.disk = Files.getFileStore(directory);
    }

    /** Refuses bytes that would leave less than the minimum. Log-writer thread only. */
    void admit(long bytes) throws StoreException {
        long now = System.nanoTime();
        taken += bytes;
        if (free < 0 || now - freeAtNanos > FREE_AGE_NANOS || taken > FREE_AGE_BYTES
            || free - taken < minimumFree) {
            free = usable();
            freeAtNanos = now;
            taken = bytes;
        }
        if (free - taken < minimumFree) {
            throw new StoreException("Disk full: store " + directory + " has " + free + " bytes free, a batch of "
                + bytes + " would leave less than the configured minimum of " + minimumFree
                + ". Free space or lower retention; nothing was changed", null, true);
        }
    }

    Usage usage() {
        Measured last = measured;
        long now = System.nanoTime();
        if (last == null || now - last.atNanos > USAGE_AGE_NANOS) {
            last = new Measured(new Usage(stored(), Math.max(0, usable())), now);
            measured = last;
        }
        return last.usage;
    }

    private long usable() {
        try {
            return disk.getUsableSpace();
        } catch (IOException e) {
            // Unknown is treated as plenty: JE's own limit and the write itself still report a full disk.
            return Long.MAX_VALUE;
        }
    }

    private long stored() {
        long sum = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                sum += size(file);
            }
        } catch (IOException e) {
            Measured last = measured;
            return last == null ? 0 : last.usage.stored();
        }
        return sum;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0; // the cleaner removed it meanwhile
        }
    }

    private record Measured(Usage usage, long atNanos) { }
}

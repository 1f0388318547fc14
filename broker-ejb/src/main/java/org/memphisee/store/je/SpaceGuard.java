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

    /** JE writes a checkpoint when it is opened: the B-tree nodes that changed since the last one. */
    private static final long REOPEN_BYTES = 1L << 20;
    private static final long REOPEN_NANOS = 1_000_000_000L;

    private final Path directory;
    private final long minimumFree;
    private final FileStore disk;
    private volatile Measured measured;
    /** Of the log writer: last look at the free space, and what was let through since. */
    private long freeAtNanos;
    private long free = -1;
    private long taken;
    private long ranOutAtNanos = System.nanoTime() - REOPEN_NANOS;
    private long freeWhenRanOut;
    /** It was opened again since the last write that was carried out. */
    private boolean triedAgain;

    SpaceGuard(Path directory, long minimumFree) throws IOException {
        this.directory = directory;
        this.minimumFree = minimumFree;
        this.disk = Files.getFileStore(directory);
    }

    /** What must be free for anything to be written. */
    static long wall(long minimumFree) {
        return minimumFree / 2;
    }

    /**
     * Refuses batches that would leave less than the minimum, and other changes when half of it is gone already.
     * Log-writer thread only.
     *
     * @param bytes of batches, 0 for none
     */
    void admit(long bytes) throws StoreException {
        long least = bytes > 0 ? minimumFree : wall(minimumFree);
        long now = System.nanoTime();
        taken += bytes;
        if (free < 0 || now - freeAtNanos > FREE_AGE_NANOS || taken > FREE_AGE_BYTES
            || free - taken < least) {
            free = usable();
            freeAtNanos = now;
            taken = bytes;
        }
        if (free - taken < least) {
            throw new StoreException("Disk full: store " + directory + " has " + free + " bytes free, a write of "
                + bytes + " bytes of batches would leave less than " + least + " of the configured minimum of "
                + minimumFree + ". Free space or lower retention; nothing was changed", null, true);
        }
    }

    /** Whether anything may be written. */
    boolean aboveWall() {
        return usable() > wall(minimumFree);
    }

    /** JE ran out of room whatever the file system says is free: a quota may be met. Log-writer thread only. */
    void ranOut() {
        ranOutAtNanos = System.nanoTime();
        freeWhenRanOut = usable();
    }

    /** Something was written. Log-writer thread only. */
    void wrote() {
        triedAgain = false;
    }

    /**
     * Refuses to open the environment for writing again while there is not room for what that writes, and more often than
     * once a second when that was in vain and nothing was freed since. Log-writer thread only.
     */
    void admitReopening() throws StoreException {
        long least = Math.max(wall(minimumFree), REOPEN_BYTES);
        long left = usable();
        boolean unchanged = triedAgain && left - freeWhenRanOut < REOPEN_BYTES
            && System.nanoTime() - ranOutAtNanos < REOPEN_NANOS;
        if (left < least || unchanged) {
            throw new StoreException("Disk full: store " + directory + " is open for reading only until there is room; "
                + left + " bytes are free. Free space or lower retention; nothing was changed", null, true);
        }
        triedAgain = true;
        free = -1;
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

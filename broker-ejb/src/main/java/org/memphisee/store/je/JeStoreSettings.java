package org.memphisee.store.je;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.memphisee.store.crypt.StorageKeys;

/**
 * Settings of the store.
 *
 * @param directory where its files are; created when absent; belongs to this store alone
 * @param cacheBytes JE's cache, log buffers included: 16 MiB or more
 * @param minimumFreeBytes when the disk has less free than this, batches are refused as "full"; 0 or more
 * @param threads makes the one thread that finishes deletions
 * @param keys the operator's keys, when what is written is to be encrypted
 */
public record JeStoreSettings(Path directory, long cacheBytes, long minimumFreeBytes, ThreadFactory threads,
                              Optional<StorageKeys> keys) {
    /** Holds the upper B-tree nodes of some ten million batches; keeps the idle process small. */
    public static final long DEFAULT_CACHE_BYTES = 48L << 20;
    /** Room for what must go on when batches are refused: acks, retention, JE's cleaner and checkpoints. */
    public static final long DEFAULT_MINIMUM_FREE_BYTES = 1L << 30;
    private static final long LEAST_CACHE_BYTES = 16L << 20;

    /** Without encryption. */
    public JeStoreSettings(Path directory, long cacheBytes, long minimumFreeBytes, ThreadFactory threads) {
        this(directory, cacheBytes, minimumFreeBytes, threads, Optional.empty());
    }

    public JeStoreSettings {
        Objects.requireNonNull(directory, "directory is required");
        Objects.requireNonNull(threads, "thread factory is required");
        if (cacheBytes < LEAST_CACHE_BYTES) {
            throw new IllegalArgumentException("cache must be 16 MiB or more, not " + cacheBytes + " bytes");
        }
        if (minimumFreeBytes < 0) {
            throw new IllegalArgumentException("minimum free space must not be negative: " + minimumFreeBytes);
        }
    }

    /** Defaults for a directory. */
    public static JeStoreSettings of(Path directory, ThreadFactory threads) {
        return new JeStoreSettings(directory, DEFAULT_CACHE_BYTES, DEFAULT_MINIMUM_FREE_BYTES, threads);
    }

    /** The same, with what is written encrypted. */
    public JeStoreSettings withKeys(Optional<StorageKeys> operators) {
        return new JeStoreSettings(directory, cacheBytes, minimumFreeBytes, threads, operators);
    }
}

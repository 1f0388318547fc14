package org.memphisee.store.je;

import com.sleepycat.je.DatabaseException;
import com.sleepycat.je.DbInternal;
import com.sleepycat.je.DiskLimitException;
import com.sleepycat.je.Durability;
import com.sleepycat.je.Environment;
import com.sleepycat.je.EnvironmentConfig;
import com.sleepycat.je.cleaner.Cleaner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.memphisee.core.log.StoreException;

/** Opens and closes the JE environment, with every setting that differs from JE's default and why. */
final class JeEnvironmentOwner implements AutoCloseable {
    /**
     * A full file costs a sync and a new file; retention frees whole files. 128 MiB is a few files a second at full
     * speed, and a thousand files hold 128 GiB.
     */
    static final long LOG_FILE_BYTES = 128L << 20;
    private static final long LOCK_WAIT_MILLIS = 100;

    static {
        TailFiles.install();
    }

    private final Path directory;
    private final JeStoreSettings settings;
    private final long logFileBytes;
    private final JeFailures failures;
    private final DirectoryLock lock;
    private volatile Environment environment;

    JeEnvironmentOwner(JeStoreSettings settings, long logFileBytes, JeFailures failures) throws StoreException {
        this.settings = settings;
        this.logFileBytes = logFileBytes;
        this.failures = failures;
        try {
            directory = Files.createDirectories(settings.directory()).toRealPath();
            lock = DirectoryLock.of(directory);
        } catch (IOException e) {
            throw failures.of("open the directory", e);
        }
        try {
            environment = openFirst();
        } finally {
            if (environment == null) {
                unlock();
            }
        }
    }

    private Environment openFirst() throws StoreException {
        try {
            return open(false);
        } catch (StoreException e) {
            if (!e.full()) {
                throw e;
            }
            return open(true);
        }
    }

    private Environment open(boolean readOnly) throws StoreException {
        try {
            TailFiles.forget(directory);
            new LogTail(directory).cut();
            return new Environment(directory.toFile(), config(settings, logFileBytes, readOnly));
        } catch (IOException e) {
            throw failures.corrupt("the log", e);
        } catch (DatabaseException | IllegalArgumentException e) {
            throw failures.of("open the environment", e);
        }
    }

    /** Whether it is open for reading only: opening it otherwise needs room that the disk does not have. */
    boolean readOnly() {
        return environment.getConfig().getReadOnly();
    }

    /** JE looks at the free space every ten seconds when it refuses to write; this makes it look now. */
    void lookAtDisk() {
        Cleaner cleaner = DbInternal.getNonNullEnvImpl(environment).getCleaner();
        cleaner.manageDiskUsage();
        if (refusing()) {
            cleaner.freshenLogSizeStats(); // a thread of JE was at it, with what it had seen before
        }
    }

    /** Whether JE refuses to write for lack of free space. */
    boolean refusing() {
        return DbInternal.getNonNullEnvImpl(environment).getDiskLimitViolation() != null;
    }

    /**
     * Closes the environment and opens it again, from what reached the disk. Everything written before is durable then. To
     * open it for reading only needs no room: JE writes a checkpoint otherwise.
     *
     * @throws StoreException with {@link StoreException#full()} when there is no room; nothing is open then
     */
    void reopen(boolean readOnly) throws StoreException {
        closeGivenUp();
        try {
            syncLastFile();
        } catch (IOException e) {
            throw failures.gaveUp("sync the log", e);
        }
        environment = open(readOnly);
    }

    private void closeGivenUp() {
        try {
            environment.close();
        } catch (DatabaseException | IllegalStateException e) {
            return; // what counts is that its threads have ended and its files are closed
        }
    }

    /** What was written without a sync through the old environment is the new one's to sync, which does not know of it. */
    private void syncLastFile() throws IOException {
        Optional<Path> last;
        try (Stream<Path> files = Files.list(directory)) {
            last = files.filter(f -> f.getFileName().toString().endsWith(".jdb")).max(Comparator.naturalOrder());
        }
        if (last.isPresent()) {
            try (FileChannel channel = FileChannel.open(last.get(), StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    Environment environment() {
        return environment;
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws StoreException {
        try {
            // Writes a last checkpoint: the dirty B-tree nodes, which are bounded by the cache, and never records.
            environment.close();
        } catch (DiskLimitException e) {
            closedWithoutCheckpoint();
        } catch (DatabaseException | IllegalStateException e) {
            if (!failures.failed()) {
                throw failures.of("close the environment", e);
            }
        } finally {
            unlock();
        }
    }

    /** JE has closed it, on a disk without room for the checkpoint; the next start reads a longer log for it. */
    private void closedWithoutCheckpoint() throws StoreException {
        try {
            syncLastFile();
        } catch (IOException e) {
            throw failures.of("sync the log", e);
        }
    }

    private void unlock() throws StoreException {
        try {
            lock.close();
        } catch (IOException e) {
            throw failures.of("unlock the directory", e);
        }
    }

    private static EnvironmentConfig config(JeStoreSettings settings, long logFileBytes, boolean readOnly) {
        EnvironmentConfig config = new EnvironmentConfig();
        config.setAllowCreate(!readOnly);
        config.setReadOnly(readOnly);
        config.setTransactional(true);
        config.setDurability(Durability.COMMIT_SYNC);
        config.setCacheSize(settings.cacheBytes());
        log(config, logFileBytes);
        background(config, settings);
        quiet(config);
        return config;
    }

    private static void log(EnvironmentConfig config, long logFileBytes) {
        set(config, EnvironmentConfig.LOG_FILE_MAX, logFileBytes);
        // A record that fits in a log buffer goes out in the same write as its commit; larger ones take a write of
        // their own. 2 MiB takes the usual largest batch (1 MiB) with the rest of its transaction.
        set(config, EnvironmentConfig.LOG_BUFFER_SIZE, 2 << 20);
        // One buffer is filled while another is written; the third serves readers of what was just written.
        set(config, EnvironmentConfig.LOG_NUM_BUFFERS, 3);
        set(config, EnvironmentConfig.LOG_TOTAL_BUFFER_BYTES, 6L << 20);
        // JE's check on read would invalidate the whole environment for one damaged payload, and thereby stop every
        // partition (P3). Every value has its own CRC32C over key and content (Envelope), which costs less and fails
        // only the one read. LogTail verifies the last file at the start, JE the others that it
        // recovers from and those that its cleaner copies.
        set(config, EnvironmentConfig.LOG_CHECKSUM_READ, false);
        // Size of a read when the length of the entry is unknown (B-tree nodes); records are read in one piece.
        set(config, EnvironmentConfig.LOG_FAULT_READ_SIZE, 16 << 10);
        // Recovery reads the tail of the log in pieces of this size.
        set(config, EnvironmentConfig.LOG_ITERATOR_READ_SIZE, 1 << 20);
        // A write that waits for somebody else's sync would be kept in memory: when JE then runs out of room, what was
        // said to be written would be lost. It waits for that sync instead.
        set(config, EnvironmentConfig.LOG_USE_WRITE_QUEUE, false);
        // O_DSYNC would make each of the two or three writes of a commit wait for the disk, not only the last.
        set(config, EnvironmentConfig.LOG_USE_ODSYNC, false);
        // JE's own timed flushes: the log writer calls sync() on its schedule, nobody needs another one.
        set(config, EnvironmentConfig.LOG_FLUSH_SYNC_INTERVAL, "0");
        set(config, EnvironmentConfig.LOG_FLUSH_NO_SYNC_INTERVAL, "0");
        // Polls the directory every second for deleted files; nobody but us touches it.
        set(config, EnvironmentConfig.LOG_DETECT_FILE_DELETE, false);
    }

    private static void background(EnvironmentConfig config, JeStoreSettings settings) {
        // The default of 20 MB would be ten checkpoints a second at full speed. After a crash at most this much log
        // is read again, without the payloads' contents being looked at: well below a second.
        set(config, EnvironmentConfig.CHECKPOINTER_BYTES_INTERVAL, 256L << 20);
        // Below this share of live data in the log the cleaner copies live records together. Retention deletes in
        // order, so most files die whole and are removed without copying; 40 trades some disk for less copying.
        set(config, EnvironmentConfig.CLEANER_MIN_UTILIZATION, 40);
        // The cleaner reads in large pieces and pauses after each few, so that a sync in front of it waits for one
        // piece at most; the same for writes of checkpoints and of copied records.
        set(config, EnvironmentConfig.CLEANER_READ_SIZE, 1 << 20);
        set(config, EnvironmentConfig.ENV_BACKGROUND_READ_LIMIT, 2);
        set(config, EnvironmentConfig.ENV_BACKGROUND_WRITE_LIMIT, 2);
        set(config, EnvironmentConfig.ENV_BACKGROUND_SLEEP_INTERVAL, "2 ms");
        // The wall behind our own check (SpaceGuard): JE refuses every write then, also deletions.
        set(config, EnvironmentConfig.FREE_DISK, SpaceGuard.wall(settings.minimumFreeBytes()));
        // One thread evicts; the default of ten would fight for the two cores of a small machine.
        set(config, EnvironmentConfig.EVICTOR_MAX_THREADS, 2);
        set(config, EnvironmentConfig.OFFHEAP_MAX_THREADS, 1);
    }

    private static void quiet(EnvironmentConfig config) {
        // The nightly verifier reads the whole log, and invalidates the environment at the first damaged record.
        set(config, EnvironmentConfig.ENV_RUN_VERIFIER, false);
        // A CSV file every minute that nobody reads.
        set(config, EnvironmentConfig.STATS_COLLECT, false);
        // je.info.* keeps warnings: evidence beside the data.
        set(config, EnvironmentConfig.FILE_LOGGING_LEVEL, "WARNING");
        // Records never expire by JE's clock.
        set(config, EnvironmentConfig.ENV_EXPIRATION_ENABLED, false);
        // Writer and deletions never touch the same keys, readers take no locks; a wait would be a bug, found soon.
        config.setLockTimeout(LOCK_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void set(EnvironmentConfig config, String name, Object value) {
        config.setConfigParam(name, String.valueOf(value));
    }
}

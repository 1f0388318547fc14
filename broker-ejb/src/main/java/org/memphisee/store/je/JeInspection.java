package org.memphisee.store.je;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.DatabaseException;
import com.sleepycat.je.DbInternal;
import com.sleepycat.je.Environment;
import com.sleepycat.je.EnvironmentConfig;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.dbi.CursorImpl;
import com.sleepycat.je.utilint.DbLsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SummaryCodec;
import org.memphisee.store.crypt.DataKeys;
import org.memphisee.store.crypt.StorageKeys;
import org.memphisee.store.crypt.ValueCipher;

/**
 * Reads a store that no broker has open, value by value, and changes nothing: not even the torn end of the log that the
 * next start cuts. Damage ends nothing here; it is told, with file and offset, and the walk goes on. One thread.
 */
public final class JeInspection implements AutoCloseable {

    /** What is kept of partitions, by partition and a second number. */
    public enum Kind {
        /** Second number: 0. */
        STATE,
        /** Second number: first sequence of the batch. */
        SUMMARY,
        /** Second number: first sequence of the batch. */
        BATCH,
        /** Second number: first sequence of the batch. */
        TOMBSTONES,
        /** Second number: the consumer. */
        CURSOR
    }

    private static final long CACHE_BYTES = 32L << 20;

    private final Path directory;
    private final DirectoryLock lock;
    private final LogTail tail;
    private final LogTail.End end;
    private final ScratchCopy scratch;
    private final Environment environment;
    private final JeDatabases databases;
    private final Envelope envelope;

    private JeInspection(Path directory, DirectoryLock lock, LogTail tail, LogTail.End end, StorageKeys keys) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.tail = tail;
        this.end = end;
        ScratchCopy copy = ScratchCopy.ofLast(tail, end.log());
        Environment opened = null;
        try {
            opened = new Environment(copy.directory().toFile(), config());
        } catch (DatabaseException | IllegalArgumentException e) {
            // JE itself checks what it recovers from, which may begin in an earlier file
            copy.close();
            copy = ScratchCopy.ofAll(tail, end.log());
        }
        scratch = copy;
        JeDatabases found = null;
        try {
            environment = opened != null ? opened : new Environment(scratch.directory().toFile(), config());
            opened = environment;
            found = new JeDatabases(environment, true, false);
            DataKeys dataKeys = JeKeys.load(found, keys);
            envelope = new Envelope(dataKeys == null ? null : new ValueCipher(dataKeys));
        } catch (IOException | DatabaseException | IllegalArgumentException e) {
            leave(found, opened);
            scratch.close();
            throw e;
        }
        databases = found;
    }

    private static void leave(JeDatabases databases, Environment environment) {
        try {
            if (databases != null) {
                databases.close();
            }
            if (environment != null) {
                environment.close();
            }
        } catch (DatabaseException | IllegalStateException e) {
            return; // why it is left is what counts
        }
    }

    /**
     * Opens the store in a directory.
     *
     * @param keys what its data keys are wrapped by; empty for a store that is not encrypted
     * @throws StoreException when there is none, a broker has it open, or its log cannot be followed
     */
    public static JeInspection open(Path path, Optional<StorageKeys> keys) throws StoreException {
        JeFailures failures = new JeFailures(path);
        if (!Files.isDirectory(path)) {
            throw failures.of("open the store", new IOException("no such directory"));
        }
        DirectoryLock lock = null;
        try {
            Path directory = path.toRealPath();
            lock = DirectoryLock.of(directory);
            LogTail tail = new LogTail(directory);
            LogTail.End end = tail.find().orElseThrow(() -> new IOException("the directory holds no store"));
            if (end.log() == null) {
                throw new IOException(end.damage());
            }
            return new JeInspection(directory, lock, tail, end, keys.orElse(null));
        } catch (IOException | DatabaseException | IllegalStateException | IllegalArgumentException e) {
            StoreException failure = failures.of("open the store", e);
            try {
                if (lock != null) {
                    lock.close();
                }
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private static EnvironmentConfig config() {
        EnvironmentConfig config = new EnvironmentConfig();
        config.setReadOnly(true);
        config.setTransactional(true);
        config.setCacheSize(CACHE_BYTES);
        // as the broker: values have a checksum of their own, and one damaged record must not end the walk
        config.setConfigParam(EnvironmentConfig.LOG_CHECKSUM_READ, "false");
        config.setConfigParam(EnvironmentConfig.ENV_RUN_VERIFIER, "false");
        config.setConfigParam(EnvironmentConfig.STATS_COLLECT, "false");
        config.setConfigParam(EnvironmentConfig.LOG_DETECT_FILE_DELETE, "false");
        config.setConfigParam(EnvironmentConfig.FILE_LOGGING_LEVEL, "OFF");
        config.setConfigParam(EnvironmentConfig.ENV_EXPIRATION_ENABLED, "false");
        return config;
    }

    /** Bytes of all log files, for progress. */
    public long bytes() throws IOException {
        long sum = 0;
        for (Path log : tail.logs().values()) {
            sum += Files.size(log);
        }
        return sum;
    }

    /**
     * Verifies each entry of each log file, also of those that nothing refers to any more.
     *
     * @param visitor told of each file when it was read, and of the first damage in each
     */
    public void verifyLog(LogVisitor visitor) throws IOException {
        if (!end.damage().isEmpty()) {
            visitor.damaged("the log " + end.damage());
        }
        for (Path log : tail.logs().values()) {
            long size = Files.size(log);
            // the last file may end torn, or in room that was made ahead: the next start cuts it there
            if (!log.equals(end.log())) {
                long good = tail.end(log);
                if (good < size) {
                    visitor.damaged("log file " + log.getFileName() + " breaks at offset " + good + " of " + size);
                }
            }
            visitor.read(size);
        }
    }

    /** Walks over all values of a kind, by partition and second number. */
    public void each(Kind kind, Visitor visitor) throws IOException {
        walk(database(kind), kind, null, visitor);
    }

    /** Walks over the values of a kind of one partition. */
    public void each(Kind kind, long partition, Visitor visitor) throws IOException {
        walk(database(kind), kind, partition, visitor);
    }

    private void walk(Database database, Kind kind, Long only, Visitor visitor) throws IOException {
        DatabaseEntry key = only == null ? new DatabaseEntry() : Keys.of(only);
        DatabaseEntry value = new DatabaseEntry();
        try (Cursor cursor = database.openCursor(null, null)) {
            OperationStatus status = only == null ? cursor.getFirst(key, value, LockMode.READ_UNCOMMITTED)
                : cursor.getSearchKeyRange(key, value, LockMode.READ_UNCOMMITTED);
            while (status == OperationStatus.SUCCESS && (only == null || Keys.first(key.getData()) == only)) {
                long second = kind == Kind.STATE ? 0 : Keys.second(key.getData());
                give(visitor, Keys.first(key.getData()), second, key, value, cursor);
                status = cursor.getNext(key, value, LockMode.READ_UNCOMMITTED);
            }
        } catch (DatabaseException | IllegalStateException e) {
            throw new IOException("the index of " + kind + " values cannot be followed: " + e.getMessage(), e);
        }
    }

    private void give(Visitor visitor, long partition, long second, DatabaseEntry key, DatabaseEntry value,
                             Cursor cursor) throws IOException {
        byte[] content;
        try {
            content = envelope.open(key.getData(), value.getData());
        } catch (IOException e) {
            visitor.damaged(partition, second, e.getMessage() + place(cursor));
            return;
        }
        visitor.value(partition, second, content);
    }

    private static String place(Cursor cursor) {
        CursorImpl position = DbInternal.getCursorImpl(cursor);
        long entry;
        position.latchBIN();
        try {
            entry = position.getCurrentLsn();
        } finally {
            position.releaseBIN();
        }
        return " (file " + DurableMark.fileName(DbLsn.getFileNumber(entry)) + ", offset " + DbLsn.getFileOffset(entry)
            + ")";
    }

    /** One value; empty when it is not there. */
    public Optional<byte[]> find(Kind kind, long partition, long second) throws IOException {
        DatabaseEntry key = kind == Kind.STATE ? Keys.of(partition) : Keys.of(partition, second);
        DatabaseEntry value = new DatabaseEntry();
        try (Cursor cursor = database(kind).openCursor(null, null)) {
            if (cursor.getSearchKey(key, value, LockMode.READ_UNCOMMITTED) != OperationStatus.SUCCESS) {
                return Optional.empty();
            }
            try {
                return Optional.of(envelope.open(key.getData(), value.getData()));
            } catch (IOException e) {
                throw new IOException(e.getMessage() + place(cursor), e);
            }
        } catch (DatabaseException | IllegalStateException e) {
            throw new IOException("cannot be looked up: " + e.getMessage(), e);
        }
    }

    /** Walks over the batches of which there is a record and no summary. */
    public void recordsWithoutSummary(Visitor visitor) throws IOException {
        DatabaseEntry key = new DatabaseEntry();
        DatabaseEntry nothing = new DatabaseEntry();
        nothing.setPartial(0, 0, true);
        try (Cursor cursor = databases.batches.openCursor(null, null)) {
            while (cursor.getNext(key, nothing, LockMode.READ_UNCOMMITTED) == OperationStatus.SUCCESS) {
                if (databases.summaries.get(null, key, nothing, LockMode.READ_UNCOMMITTED) != OperationStatus.SUCCESS) {
                    visitor.damaged(Keys.first(key.getData()), Keys.second(key.getData()), "has no summary" + place(cursor));
                }
            }
        } catch (DatabaseException | IllegalStateException e) {
            throw new IOException("the index of batches cannot be followed: " + e.getMessage(), e);
        }
    }

    /** Reads a summary. */
    public static BatchSummary summary(byte[] content) throws IOException {
        return SummaryCodec.decode(content);
    }

    /** Whether the removal of the partition was begun: nothing of it counts any more. */
    public boolean beingRemoved(long partition) throws IOException {
        try {
            return databases.drops.get(null, Keys.of(partition), new DatabaseEntry(), LockMode.READ_UNCOMMITTED)
                == OperationStatus.SUCCESS;
        } catch (DatabaseException | IllegalStateException e) {
            throw new IOException("the index of removals cannot be followed: " + e.getMessage(), e);
        }
    }

    /** Walks over the system log: the snapshot first, then each event that is not in it. */
    public void systemLog(SystemVisitor visitor) throws IOException {
        DatabaseEntry key = new DatabaseEntry();
        DatabaseEntry value = new DatabaseEntry();
        long covered = Long.MIN_VALUE;
        try (Cursor cursor = databases.snapshot.openCursor(null, null)) {
            if (cursor.getFirst(key, value, LockMode.READ_UNCOMMITTED) == OperationStatus.SUCCESS) {
                try {
                    byte[] content = envelope.open(key.getData(), value.getData());
                    covered = ByteBuffer.wrap(content).getLong();
                    visitor.snapshot(covered, Arrays.copyOfRange(content, Long.BYTES, content.length));
                } catch (IOException e) {
                    visitor.damaged("the system snapshot " + e.getMessage() + place(cursor));
                }
            }
        }
        try (Cursor cursor = databases.system.openCursor(null, null)) {
            while (cursor.getNext(key, value, LockMode.READ_UNCOMMITTED) == OperationStatus.SUCCESS) {
                long index = Keys.first(key.getData());
                if (index > covered) {
                    try {
                        visitor.event(index, envelope.open(key.getData(), value.getData()));
                    } catch (IOException e) {
                        visitor.damaged("system event " + index + " " + e.getMessage() + place(cursor));
                    }
                }
            }
        } catch (DatabaseException | IllegalStateException e) {
            throw new IOException("the index of the system log cannot be followed: " + e.getMessage(), e);
        }
    }

    private Database database(Kind kind) {
        return switch (kind) {
            case STATE -> databases.states;
            case SUMMARY -> databases.summaries;
            case BATCH -> databases.batches;
            case TOMBSTONES -> databases.tombstones;
            case CURSOR -> databases.cursors;
        };
    }

    @Override
    public void close() throws StoreException {
        StoreException failure = null;
        try {
            databases.close();
            environment.close();
        } catch (DatabaseException | IllegalStateException e) {
            failure = new JeFailures(directory).of("close the store", e);
        }
        try {
            scratch.close();
            lock.close();
        } catch (IOException e) {
            failure = new JeFailures(directory).of("leave the directory", e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Receives values. */
    public interface Visitor {
        /** A value whose checksum is right. */
        void value(long partition, long second, byte[] content) throws IOException;

        /** A value that is not; {@code what} says why and where. */
        void damaged(long partition, long second, String what) throws IOException;
    }

    /** Receives the system log. */
    public interface SystemVisitor {
        void snapshot(long index, byte[] snapshot) throws IOException;

        void event(long index, byte[] event) throws IOException;

        /** Something of it is damaged; {@code what} names it and says where. */
        void damaged(String what) throws IOException;
    }

    /** Told of log files. */
    public interface LogVisitor {
        /** A file of so many bytes was read. */
        void read(long bytes);

        /** The text names file and offset. */
        void damaged(String what);
    }
}
